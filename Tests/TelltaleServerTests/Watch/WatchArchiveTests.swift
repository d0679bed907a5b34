import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCTransport
import TelltaleServer
import TestSupport
import Testing

@Suite("A watch that resumes further back than the memory reaches", .timeLimit(.minutes(1)))
struct WatchArchiveTests {
    private func resume(after sequence: UInt64, kinds: [String] = []) -> WatchRequest {
        WatchRequest(resumeAfter: EventID(epoch: 7, sequence: sequence), kinds: kinds)
    }

    @Test("gets what the store kept, then what is in memory, then what happens, each once and in order")
    func seam() async throws {
        let store = ArchiveStore()
        try await ServerRig(store: store, journalCapacity: 16).run([project("shop", [])]) { rig in
            try await rig.makeEvents(500)
            let client = try await rig.client()
            async let made: Void = rig.makeEvents(500)
            let sequences = try await client.watch(resume(after: 3)).events(997).map(\.id.sequence)
            let isWhole = sequences == Array(4...1_000)
            #expect(isWhole)
            try await made
        }
    }

    @Test("is told of a hole in the store with its range, and goes on with snapshots")
    func hole() async throws {
        let store = ArchiveStore()
        store.forget(upTo: 100)
        try await ServerRig(store: store, journalCapacity: 16).run([project("shop", [])]) { rig in
            try await rig.makeEvents(200)
            let watch = try await rig.client().watch(resume(after: 3))
            guard case .reset(let reset) = try await watch.next(), case .snapshot = try await watch.next() else {
                Issue.record("no reset and snapshot")
                return
            }
            #expect(reset.reason == .truncated)
            #expect((reset.lostFrom, reset.lostTo, reset.lostCount) == (4, 100, 97))
            #expect(reset.resumeFrom.sequence == 200)
        }
    }

    @Test("goes on from the middle of an epoch that ended because the store was slow into the next one")
    func earlierEpoch() async throws {
        let store = ArchiveStore()
        try await ServerRig(store: store, journalCapacity: 16).run([project("shop", [])]) { rig in
            try await rig.makeEvents(100)
            rig.engine.journal.storeFailed(at: rig.time.now)
            try await rig.makeEvents(5)
            let watch = try await rig.client().watch(resume(after: 3))
            var ids: [EventID] = []
            while ids.count < 102, case .event(let event)? = try await watch.next() { ids.append(event.id) }
            let newest = rig.engine.journal.newestID
            #expect(newest.epoch > 7 && newest.sequence == 5)
            let earlier = (4...100).map { EventID(epoch: 7, sequence: $0) }
            #expect(ids == earlier + (1...5).map { EventID(epoch: newest.epoch, sequence: $0) })
        }
    }

    @Test("is reset at once where the store has an earlier epoch no more, or cannot read", arguments: [true, false])
    func earlierEpochLost(isReadable: Bool) async throws {
        let store = ArchiveStore()
        try await ServerRig(store: store, journalCapacity: 16).run([project("shop", [])]) { rig in
            try await rig.makeEvents(100)
            rig.engine.journal.storeFailed(at: rig.time.now)
            try await rig.makeEvents(5)
            if isReadable { store.forget(upTo: 50) } else { store.breakDown() }
            guard case .reset(let reset)? = try await rig.client().watch(resume(after: 3)).next() else {
                Issue.record("no reset")
                return
            }
            #expect(reset.reason == .epoch && reset.resumeFrom == rig.engine.journal.newestID)
        }
    }

    @Test("waits its turn among many, and each gets all of it")
    func many() async throws {
        let store = ArchiveStore()
        try await ServerRig(store: store, journalCapacity: 16).run([project("shop", [])]) { rig in
            try await rig.makeEvents(400)
            let client = try await rig.client()
            try await withThrowingTaskGroup { group in
                for start in 0..<30 as Range<UInt64> {
                    let watch = try await client.watch(resume(after: start))
                    group.addTask {
                        let events = try await watch.events(Int(400 - start))
                        #expect(events.map(\.id.sequence) == Array(start + 1...400))
                    }
                }
                try await group.waitForAll()
            }
            #expect(store.mostReadsAtOnce <= 8)
        }
    }

    @Test("can end while the store is being asked, and another has its place")
    func endsMeanwhile() async throws {
        let store = ArchiveStore()
        try await ServerRig(store: store, journalCapacity: 16).run([project("shop", [])]) { rig in
            try await rig.makeEvents(400)
            store.hold()
            let client = try await rig.client()
            for _ in 0..<20 {
                let watch = try await client.watch(resume(after: 0))
                await watch.stream.closeSending()
                #expect(try await watch.next() == nil)
            }
            let watch = try await client.watch(resume(after: 0))
            store.release()
            #expect(try await watch.events(400).map(\.id.sequence) == Array(1...400))
        }
    }

    @Test("is waited for by who closes the store, also when it has ended")
    func readsEnded() async throws {
        let store = ArchiveStore()
        try await ServerRig(store: store, journalCapacity: 16).run([project("shop", [])]) { rig in
            try await rig.makeEvents(400)
            store.hold()
            let watch = try await rig.client().watch(resume(after: 0))
            await eventually { store.readsNow == 1 }
            await watch.stream.closeSending()
            #expect(try await watch.next() == nil)
            async let left: Int = {
                await rig.watches.readsEnded()
                return store.readsNow
            }()
            store.release()
            #expect(await left == 0)
        }
    }

    @Test("one of another project is not disturbed by what passes over it while it is idle")
    func idleOfAnotherProject() async throws {
        try await ServerRig(journalCapacity: 16).run([project("shop", []), project("quiet", [])]) { rig in
            let quiet = [try #require(ProjectID("quiet"))]
            let client = try await rig.client()
            let watch = try await client.watch(WatchRequest(projectIDs: quiet))
            // Its snapshot, and where it stands.
            _ = try await (watch.next(), watch.next())
            for _ in 0..<125 {
                try await rig.makeEvents(8, of: "shop")
                // An answer of the loop, which has looked at the events by then.
                _ = try await client.status("quiet")
            }
            try await rig.makeEvents(1, of: "quiet")
            guard case .event(let event) = try await watch.next() else {
                Issue.record("something else than the event")
                return
            }
            #expect(event.id.sequence == 1_001)
        }
    }
}

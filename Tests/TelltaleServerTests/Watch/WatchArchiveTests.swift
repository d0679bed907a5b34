import Locks
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TTRPCTransport
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

    @Test("one of another project is not disturbed by what passes over it while it is idle")
    func idleOfAnotherProject() async throws {
        try await ServerRig(journalCapacity: 16).run([project("shop", []), project("quiet", [])]) { rig in
            let quiet = [try #require(ProjectID("quiet"))]
            let client = try await rig.client()
            let watch = try await client.watch(WatchRequest(projectIDs: quiet))
            _ = try await watch.next()
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

/// A store that has every event up to a place, also those that the journal has not told yet, and counts who asks for them at once.
private final class ArchiveStore: Store {
    private struct State {
        var forgotten: UInt64 = 0
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
        var reads = 0
        var mostReads = 0
    }

    private static let newest: UInt64 = 1_000
    private let kept = MemoryStore()
    private let control = Lock(State())

    var mostReadsAtOnce: Int { control.withLock(\.mostReads) }

    func forget(upTo sequence: UInt64) { control.withLock { $0.forgotten = sequence } }

    /// From now on whoever asks for events waits until ``release()``.
    func hold() { control.withLock { $0.isHolding = true } }

    func release() {
        let held = control.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] {
        await withCheckedContinuation { continuation in
            let isHeld = control.withLock { state in
                state.reads += 1
                state.mostReads = max(state.mostReads, state.reads)
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        defer { control.withLock { $0.reads -= 1 } }
        guard let shop = ProjectID("shop") else { return [] }
        let first = max(id.sequence, control.withLock(\.forgotten)) + 1
        let arena = MessageArena()
        return (first..<first + UInt64(limit)).prefix { $0 <= Self.newest }.map { sequence in
            let event = StatusEvent(
                id: EventID(epoch: id.epoch, sequence: sequence), at: UnixTime(seconds: 0), projectID: shop,
                kind: "run:finished")
            let bytes = WatchMessage.event(event).encoded(in: arena)
            return StoredEvent(
                id: event.id, at: ManualTime().now, project: shop, kind: event.kind,
                encoded: Role.allCases.map { _ in bytes })
        }
    }

    var state: StoreState { kept.state }

    func load() async throws(StoreError) -> StoreContent { try await kept.load() }

    func save(_ batch: StoreBatch) async throws(StoreError) { try await kept.save(batch) }

    func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? {
        try await kept.run(id, of: project, kind: kind)
    }

    func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? { nil }

    func operation(_ id: String) async throws(StoreError) -> OperationRecord? { nil }
    func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? { nil }
    func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] { [] }

    func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {}
}

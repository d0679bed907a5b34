import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCTransport
import TestSupport
import Testing

/// What watchers get, over the wire of a whole server: the second part of the behaviours that the product is held to.
@Suite("Behaviours of watches", .timeLimit(.minutes(1)))
struct WatchBehaviourTests {
    private func place(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    @Test("who resumes behind event 90 gets 91 to 100 and the live ones, in order and once each, while more are made")
    func behaviour13_aReplayGoesOverIntoWhatIsLiveWithoutASeam() async throws {
        try await ServerRig(journalCapacity: 4096).run([project("shop", [])]) { rig in
            let client = try await rig.client()
            try await rig.makeEvents(100)
            async let made: Void = rig.makeEvents(900)
            // Opened at ten places of the seam.
            for _ in 0..<10 {
                let watch = try await client.watch(WatchRequest(resumeAfter: place(90)))
                let sequences = try await watch.events(200).map(\.id.sequence)
                #expect(sequences == Array(91...290))
                await watch.stream.cancel()
            }
            let watch = try await client.watch(WatchRequest(resumeAfter: place(90)))
            let sequences = try await watch.events(910).map(\.id.sequence)
            #expect(sequences == Array(91...1000))
            try await made
        }
    }

    @Test(
        "who resumes where the journal no longer reaches is told what it lost, then how things stand, then goes on live"
    )
    func behaviour14_whatIsLostIsNamed() async throws {
        let store = MemoryStore()
        try await ServerRig(store: store, journalCapacity: 4).run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            try await rig.makeEvents(20)
            // Runs at another time: when the newest ended is told with the item.
            rig.time.advance(by: .milliseconds(10))
            try await rig.makeEvents(20)
            await rig.settle()
            let soon = rig.time.now.advanced(by: .seconds(1))
            try await store.prune(before: soon, operationsBefore: soon)
            let newest = rig.engine.journal.newestID.sequence
            let watch = try await client.watch(WatchRequest(resumeAfter: place(0)))
            guard case .reset(let reset) = try await watch.next() else {
                Issue.record("no reset")
                return
            }
            #expect(reset.reason == .truncated)
            #expect(reset.resumeFrom == place(newest))
            #expect(reset.lostFrom == 1)
            #expect(reset.lostCount == reset.lostTo)
            #expect(reset.lostTo == newest - 4)
            #expect(reset.lostItems.map(\.key) == [.provider(.github)] && !reset.hasMoreItems)
            guard case .snapshot(let envelope, let asOf) = try await watch.next() else {
                Issue.record("no snapshot")
                return
            }
            #expect(envelope.items.first?.status == .connected)
            #expect(asOf == reset.resumeFrom)
            try await rig.makeEvents(1)
            #expect(try await watch.nextEvent()?.id.sequence == newest + 1)
        }
    }

    @Test("who comes with an id of another epoch or of the future is told so, and never gets old events")
    func behaviour15_aForeignPlaceIsNoPlaceHere() async throws {
        try await ServerRig().run([project("shop", [])]) { rig in
            let client = try await rig.client()
            try await rig.makeEvents(10)
            for (id, reason) in [(place(3, epoch: 6), WatchReset.Reason.epoch), (place(99), .future)] {
                let watch = try await client.watch(WatchRequest(resumeAfter: id))
                guard case .reset(let reset) = try await watch.next(), case .snapshot = try await watch.next() else {
                    Issue.record("no reset and snapshot")
                    return
                }
                #expect(reset.reason == reason)
                #expect((reset.lostFrom, reset.lostTo, reset.lostCount) == (0, 0, 0))
                let newest = rig.engine.journal.newestID.sequence
                try await rig.makeEvents(1)
                #expect(try await watch.nextEvent()?.id.sequence == newest + 1)
            }
        }
    }

    @Test("while nothing happens a stream says where it stands, and no event that follows is older")
    func behaviour16_aHeartbeatNeverOvertakes() async throws {
        try await ServerRig(heartbeat: .milliseconds(2)).run([project("shop", []), project("other", [])]) { rig in
            let client = try await rig.client()
            let ids = [try #require(ProjectID("shop"))]
            let watch = try await client.watch(WatchRequest(projectIDs: ids))
            // With its snapshot it is open.
            _ = try await watch.next()
            async let made: Void = alternate(rig, rounds: 300)
            var (position, heartbeats, events) = (UInt64(0), 0, 0)
            while events < 300 || heartbeats < 3, let message = try await watch.next() {
                switch message {
                case .heartbeat(let id, _):
                    #expect(id.sequence >= position)
                    (position, heartbeats) = (id.sequence, heartbeats + 1)
                case .event(let event):
                    #expect(event.id.sequence > position)
                    (position, events) = (event.id.sequence, events + 1)
                default: break
                }
            }
            try await made
            // The place goes on over the events of the other project.
            while position < 600, case .heartbeat(let id, _) = try await watch.next() { position = id.sequence }
            #expect(position == 600)
        }
    }

    private func alternate(_ rig: ServerRig, rounds: Int) async throws {
        for _ in 0..<rounds {
            try await rig.makeEvents(1, of: "shop")
            try await rig.makeEvents(1, of: "other")
        }
    }

    @Test("what changes together is told together: three items of one change are one event")
    func behaviour18_oneChangeIsOneEvent() async throws {
        let keys: [ItemKey] = [.provider(.github), .provider(.vercel), .provider(.sanity)]
        try await ServerRig().run([project("shop", [])]) { rig in
            let watch = try await rig.client().watch()
            _ = try await watch.next()
            _ = await rig.engine.redefine([project("shop", keys)])
            let event = try #require(try await watch.nextEvent())
            #expect(event.kind == "status:update")
            #expect(Set(event.items.map(\.key)).isSuperset(of: keys))
        }
    }

    @Test("what the configuration no longer names is told at once: an item as not linked, a project as removed")
    func behaviour20_whatIsUnlinkedIsTold() async throws {
        try await ServerRig().run([project("shop"), project("old", [])]) { rig in
            let client = try await rig.client()
            _ = try await client.status()
            let watch = try await client.watch(WatchRequest(resumeAfter: rig.engine.journal.newestID))
            _ = await rig.engine.redefine([project("shop", [])])
            var told: [String: StatusEvent] = [:]
            while told.count < 2, let event = try await watch.nextEvent() {
                told["\(event.projectID) \(event.kind)"] = event
            }
            #expect(told["old project:removed"] != nil)
            let update = told["shop status:update"]
            #expect(update?.items.map(\.key) == [.provider(.github)])
            #expect(update?.items.map(\.configured) == [false])
        }
    }

    @Test("a role gets no event of what is hidden from it, and its place goes on all the same")
    func behaviour21_whatIsHiddenIsNoEvent() async throws {
        let shop = project("shop", hidden: [.provider(.github): [.viewer]])
        try await ServerRig(heartbeat: .milliseconds(5)).run([shop]) { rig in
            let watch = try await rig.client(.viewer).watch()
            _ = try await watch.next()
            await rig.settle()
            let start = rig.engine.journal.newestID.sequence
            rig.provider.follow { .success($0.reading(words: "Other")) }
            while rig.engine.journal.newestID.sequence == start { await rig.advance(by: .seconds(1)) }
            let end = rig.engine.journal.newestID.sequence
            while let message = try await watch.next() {
                guard case .heartbeat(let id, _) = message else {
                    Issue.record("\(message)")
                    return
                }
                if id.sequence == end { return }
            }
        }
    }
}

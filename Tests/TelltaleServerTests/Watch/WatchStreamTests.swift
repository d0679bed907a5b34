import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("Watch", .timeLimit(.minutes(1)))
struct WatchStreamTests {
    /// Has the provider say something else, and waits until that is on the board.
    private func change(_ rig: ServerRig, to words: String) async {
        rig.provider.follow { .success($0.reading(words: words)) }
        while rig.entry()?.envelope(for: .owner, at: rig.time.now).items.first?.summary != words {
            await rig.advance(by: .seconds(1))
        }
    }

    @Test("first a snapshot of each project, then what changes, under ids that grow by one")
    func live() async throws {
        try await ServerRig().run([project("a"), project("shop")]) { rig in
            let client = try await rig.client()
            _ = try await client.status()
            let watch = try await client.watch(WatchRequest(projectIDs: [try #require(ProjectID("shop"))]))
            guard case .snapshot(let envelope, let asOf) = try await watch.next() else {
                Issue.record("no snapshot")
                return
            }
            #expect(envelope.projectID.rawValue == "shop")
            #expect(envelope.items.first?.status == .connected)
            #expect(asOf == EventID(epoch: 7, sequence: 1))
            await change(rig, to: "Other")
            let event = try #require(try await watch.nextEvent())
            #expect(event.id == EventID(epoch: 7, sequence: 2))
            #expect(event.kind == "status:update")
            #expect(event.items.map(\.summary) == ["Other"])
            #expect(event.hash == (try await client.status()).hash)
            await change(rig, to: "Third")
            #expect(try await watch.nextEvent()?.id.sequence == 3)
        }
    }

    @Test("a watch of everything gets a snapshot of each project, sorted, and starts their refresh")
    func everything() async throws {
        try await ServerRig().run([project("b"), project("a"), project("c")]) { rig in
            let client = try await rig.client()
            let watch = try await client.watch()
            var seen: [String] = []
            while seen.count < 3 {
                guard case .snapshot(let envelope, _) = try await watch.next() else { break }
                seen.append(envelope.projectID.rawValue)
            }
            #expect(seen == ["a", "b", "c"])
            var updated: Set<String> = []
            while updated.count < 3, let event = try await watch.nextEvent() {
                updated.insert(event.projectID.rawValue)
            }
            #expect(updated == ["a", "b", "c"])
        }
    }

    @Test("who resumes gets exactly the later events, and those that follow")
    func resume() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            for words in ["2", "3", "4"] { await change(rig, to: words) }
            let watch = try await client.watch(WatchRequest(resumeAfter: EventID(epoch: 7, sequence: 2)))
            await change(rig, to: "5")
            var events: [StatusEvent] = []
            while events.count < 3, let event = try await watch.nextEvent() { events.append(event) }
            #expect(events.map(\.id.sequence) == [3, 4, 5])
            #expect(events.compactMap(\.items.first?.summary) == ["3", "4", "5"])
        }
    }

    @Test("whoever has all of it is told at once where it stands, so that it can resume before anything has happened")
    func arrival() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            let newest = rig.engine.journal.newestID
            let request = WatchRequest(heartbeatInterval: .seconds(300))
            let watch = try await client.watch(request)
            guard case .snapshot(_, let asOf) = try await watch.next(),
                case .heartbeat(let place, _) = try await watch.next()
            else {
                Issue.record("no heartbeat behind the snapshot")
                return
            }
            #expect(place == newest && asOf == newest)
            // Nothing is to be told to who resumes there, and that is told.
            let again = try await client.watch(WatchRequest(resumeAfter: place, heartbeatInterval: .seconds(300)))
            guard case .heartbeat(place, _) = try await again.next() else {
                Issue.record("no heartbeat at the place")
                return
            }
            await change(rig, to: "2")
            #expect(try await watch.nextEvent()?.id.sequence == newest.sequence + 1)
            #expect(try await again.nextEvent()?.id.sequence == newest.sequence + 1)
        }
    }

    @Test("who resumes may name a project that has gone, and is told that; who begins with one may not")
    func gone() async throws {
        try await ServerRig().run([project("shop", []), project("gone", [])]) { rig in
            let names = ["shop", "gone"].compactMap { ProjectID($0) }
            let client = try await rig.client()
            let place = rig.engine.journal.newestID
            _ = await rig.engine.redefine([project("shop", [])])
            let watch = try await client.watch(WatchRequest(projectIDs: names, resumeAfter: place))
            let event = try await watch.nextEvent()
            #expect(event?.kind == EventKind.projectRemoved && event?.projectID == names[1])
            try await rig.makeEvents(1)
            #expect(try await watch.nextEvent()?.projectID == names[0])
            let invented = (0..<17).compactMap { ProjectID("invented-\($0)") }
            for request in [
                WatchRequest(projectIDs: names), WatchRequest(projectIDs: [names[1]], resumeAfter: place),
                WatchRequest(projectIDs: [names[0]] + invented, resumeAfter: place),
            ] {
                let refused = try await client.watch(request)
                #expect(await failureOf { _ = try await refused.next() }?.code == .notFound)
            }
        }
    }

    @Test(
        "kinds that no event has are refused, for they would be waited for in vain",
        arguments: ["run", "", "RUN:*", "*:*"])
    func unknownKinds(word: String) async throws {
        try await ServerRig().run { rig in
            let watch = try await rig.client().watch(WatchRequest(kinds: ["run:*", word]))
            let refusal = await failureOf { _ = try await watch.next() }
            #expect(refusal?.code == .invalidArgument && refusal?.message.contains("kinds[1]") == true)
        }
    }

    @Test(
        "who cannot be served where it stood is told so, gets snapshots, and goes on on the same stream",
        arguments: [
            (EventID(epoch: 6, sequence: 1), WatchReset.Reason.epoch), (EventID(epoch: 7, sequence: 99), .future),
            (EventID(epoch: 7, sequence: 0), .truncated),
        ])
    func reset(after id: EventID, reason: WatchReset.Reason) async throws {
        try await ServerRig(store: MemoryStore(keepsEvents: false), journalCapacity: 2).run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            for words in ["2", "3", "4"] { await change(rig, to: words) }
            let watch = try await client.watch(WatchRequest(resumeAfter: id))
            guard case .reset(let reset) = try await watch.next() else {
                Issue.record("no reset")
                return
            }
            #expect(reset.reason == reason)
            #expect(reset.resumeFrom == EventID(epoch: 7, sequence: 4))
            if reason == .truncated { #expect((reset.lostFrom, reset.lostTo) == (1, 2)) }
            guard case .snapshot(let envelope, let asOf) = try await watch.next() else {
                Issue.record("no snapshot")
                return
            }
            #expect(envelope.items.first?.summary == "4")
            #expect(asOf == reset.resumeFrom)
            await change(rig, to: "5")
            #expect(try await watch.nextEvent()?.id.sequence == 5)
        }
    }

    @Test("an idle stream says where it stands, past events that are not its own, and never ahead of one")
    func heartbeat() async throws {
        try await ServerRig(heartbeat: .milliseconds(5)).run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            let watch = try await client.watch(WatchRequest(kinds: ["deploy:*"]))
            guard case .snapshot = try await watch.next(), case .heartbeat(let first, _) = try await watch.next() else {
                Issue.record("no heartbeat")
                return
            }
            #expect(first.sequence == 1)
            await change(rig, to: "Other")
            var position = first
            while position.sequence < 2 {
                guard case .heartbeat(let id, _) = try await watch.next() else {
                    Issue.record("something else than a heartbeat")
                    return
                }
                position = id
            }

            let live = try await client.watch(WatchRequest(resumeAfter: position))
            await change(rig, to: "Third")
            while let message = try await live.next() {
                switch message {
                case .heartbeat(let id, _): #expect(id == position)
                case .event(let event):
                    #expect(event.id.sequence == position.sequence + 1)
                    return
                default: Issue.record("\(message)")
                }
            }
        }
    }

    @Test("a role is sent nothing of what is hidden from it, but the place goes on")
    func hidden() async throws {
        let shop = project("shop", hidden: [.provider(.github): [.viewer]])
        try await ServerRig(heartbeat: .milliseconds(5)).run([shop]) { rig in
            let owner = try await rig.client()
            let viewer = try await rig.client(.viewer)
            _ = try await owner.status()
            let watch = try await viewer.watch()
            guard case .snapshot(let envelope, _) = try await watch.next() else {
                Issue.record("no snapshot")
                return
            }
            #expect(envelope.items.first?.visible == false)
            #expect(envelope.revision == 0)
            await change(rig, to: "Other")
            while case .heartbeat(let id, _) = try await watch.next() { if id.sequence == 2 { return } }
            Issue.record("something else than a heartbeat")
        }
    }

    @Test("a server that drains sends what is left, and where and when to resume")
    func drain() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            let watch = try await client.watch()
            _ = try await watch.next()
            await change(rig, to: "Other")
            async let drained: Void = rig.server.drain(within: .seconds(5))
            #expect(try await watch.nextEvent()?.id.sequence == 2)
            let last = try await watch.next()
            #expect(last == .goingAway(resumeFrom: EventID(epoch: 7, sequence: 2), retryAfter: .seconds(1)))
            #expect(try await watch.next() == nil)
            await drained
        }
    }

    @Test("a watch is demand until its client closes its half, or the connection")
    func demand() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let other = try await rig.client()
            let ids = [try #require(ProjectID("shop"))]
            let first = try await client.watch(WatchRequest(projectIDs: ids))
            _ = try await first.next()
            let second = try await other.watch(WatchRequest(projectIDs: ids))
            _ = try await second.next()
            await eventually { rig.provider.readCount == 1 }
            // Longer than a project stays recently read.
            await rig.advance(by: .seconds(400), step: .seconds(5))
            #expect(rig.provider.readCount > 25)
            await first.stream.closeSending()
            while try await first.next() != nil {}
            await other.connection.close()
            await eventually { rig.server.connectionCount == 1 }
            await rig.advance(by: .seconds(400), step: .seconds(5))
            let count = rig.provider.readCount
            await rig.advance(by: .seconds(400), step: .seconds(5))
            #expect(rig.provider.readCount == count)
        }
    }

    @Test("an unknown project and data after the request end a watch with their reason")
    func refused() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let nowhere = try await client.watch(WatchRequest(projectIDs: [try #require(ProjectID("nowhere"))]))
            #expect(await failureOf { _ = try await nowhere.next() }?.code == .notFound)
            let watch = try await client.watch()
            _ = try await watch.next()
            try await watch.stream.send([1])
            let error = await failureOf { while try await watch.next() != nil {} }
            #expect(error?.code == .invalidArgument)
        }
    }
}

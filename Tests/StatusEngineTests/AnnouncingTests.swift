import Locks
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TestSupport
import Testing

@Suite("What the journal tells", .timeLimit(.minutes(1)))
struct AnnouncingTests {
    /// The events of a role after the start.
    private func events(_ rig: EngineRig, role: Role = .owner, after sequence: UInt64 = 0) throws -> [StatusEvent] {
        guard case .events(let entries) = rig.journal.events(after: EventID(epoch: 7, sequence: sequence), limit: 100)
        else { return [] }
        return try entries.compactMap { $0.event.bytes(for: role) }.compactMap { bytes in
            guard case .event(let event) = try WatchMessage(decoding: bytes, in: MessageArena()) else { return nil }
            return event
        }
    }

    @Test("an event holds the items that changed and no other; what stays the same is no event")
    func changedItems() async throws {
        try await EngineRig { .success($0.reading()) }.run([project("shop", [EngineRig.github, EngineRig.vercel])]) {
            rig in
            _ = await rig.read()
            let first = try events(rig)
            #expect(first.flatMap(\.items).map(\.key).sorted() == [EngineRig.github, EngineRig.vercel])
            await rig.advance(by: .seconds(30))
            #expect(rig.provider.readCount == 6)
            #expect(try events(rig) == first)

            rig.provider.follow { request in
                .success(request.reading(words: request.repository == "vercel" ? "Live" : "Linked to main"))
            }
            await rig.advance(by: .seconds(15))
            let event = try #require(try events(rig).last)
            #expect(try events(rig).count == first.count + 1)
            #expect(event.kind == "status:update")
            #expect(event.items.map(\.key) == [EngineRig.vercel])
            #expect(event.items.first?.summary == "Live")
            #expect(event.hash == rig.view()?.envelope.hash)
            #expect(event.revision == rig.view()?.envelope.revision)
        }
    }

    @Test("a push is an event of its own, with the time of the push; ids grow by one")
    func milestone() async throws {
        let pushed = UnixTime(seconds: 1_767_225_000)
        let newer = UnixTime(seconds: 1_767_225_605)
        try await EngineRig { .success($0.reading(pushedAt: pushed)) }.run { rig in
            _ = await rig.read()
            // The first reading tells of nothing that happened while nobody looked.
            #expect(try events(rig).map(\.kind) == ["status:update"])
            rig.provider.follow { .success($0.reading(words: "Pushed", pushedAt: newer)) }
            await rig.advance(by: .seconds(15))
            let events = try events(rig)
            #expect(events.map(\.kind) == ["status:update", "github:push", "status:update"])
            #expect(events.map(\.id.sequence) == [1, 2, 3])
            #expect(events.map(\.id.epoch) == [7, 7, 7])
            #expect(events[1].at == newer)
        }
    }

    @Test("a role learns nothing of what is hidden from it: no event, no milestone, no revision")
    func hidden() async throws {
        let shop = project("shop", hidden: [EngineRig.github: [.viewer]])
        try await EngineRig { .success($0.reading(pushedAt: UnixTime(seconds: 1))) }.run([shop]) { rig in
            let before = rig.view(role: .viewer)?.envelope
            _ = await rig.read()
            rig.provider.follow { .success($0.reading(words: "Other", pushedAt: UnixTime(seconds: 2))) }
            await rig.advance(by: .seconds(15))
            let (all, visible) = (try events(rig), try events(rig, role: .viewer))
            #expect(all.map(\.kind) == ["status:update", "github:push", "status:update"])
            #expect(visible.isEmpty)
            #expect(rig.view()?.envelope.revision == 2)
            let after = rig.view(role: .viewer)?.envelope
            #expect(after?.revision == 0)
            #expect(after?.hash == before?.hash)
            #expect(after?.items == before?.items)
        }
    }

    @Test("a role that sees other words gets its own event, redacted")
    func redacted() async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            _ = await rig.read()
            let (owner, viewer) = (try events(rig), try events(rig, role: .viewer))
            #expect(owner.first?.items.first?.label == "octo-org/octo-repo")
            #expect(viewer.first?.items.first?.label == "Private repository")
        }
    }

    @Test("a status that turns by the mere passing of time is announced under a watch, though nothing is read")
    func passingOfTime() async throws {
        let start = ManualTime().now.wall
        let rig = EngineRig { request in
            .success(
                request.reading(
                    status: StatusTimeline(
                        .connected, turns: [.init(at: start.advanced(by: .seconds(90)), to: .warning)])))
        }
        try await rig.run { rig in
            rig.engine.watchOpened([try #require(rig.entry())])
            await rig.settle()
            let until = rig.time.now.wall.advanced(by: .seconds(3_600))
            rig.provider.follow { _ in .failure(failure(.rateLimited, cause: .throttled, retryAfter: until)) }
            await rig.advance(by: .seconds(80))
            let count = try events(rig).count
            #expect(rig.provider.readCount == 2)
            await rig.advance(by: .seconds(40))
            #expect(rig.provider.readCount == 2)
            #expect(try events(rig).count == count + 1)
            #expect(try events(rig).last?.items.first?.status == .warning)
        }
    }

    @Test("who hears of an event finds the board at least as new")
    func boardFirst() async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            let seen = Lock<[UInt64]>([])
            rig.journal.onPublish { [board = rig.board, time = rig.time] in
                guard let id = ProjectID("shop"), let entry = board[id] else { return }
                let revision = entry.view(for: .owner, at: time.now).view.rendered.envelope.revision
                seen.withLock { $0.append(revision) }
            }
            _ = await rig.read()
            #expect(seen.withLock { $0 } == [1])
        }
    }
}

import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TestSupport
import Testing

@Suite("Webhooks, taken", .timeLimit(.minutes(1)))
struct WebhookTests {
    private let shop = project("shop").id
    private static let pushed = UnixTime(seconds: 1_767_225_000)

    /// A push as a provider's format would tell it.
    private struct Push: Webhook {
        var deliveryID = "delivery-1"
        var at = WebhookTests.pushed.advanced(by: .seconds(605))

        func news(of link: Link, known: Reading?, at now: Moment) -> WebhookNews? {
            let milestone = Milestone(kind: EventKind.githubPush, at: at, message: "New push", isTold: true)
            guard var reading = known else { return WebhookNews(milestones: [milestone]) }
            guard reading.milestones.allSatisfy({ milestone.isNews(after: $0) }) else {
                return WebhookNews(isToBeRead: false)
            }
            reading.observedAt = now
            reading.summary = Summary([.text("Pushed")])
            reading.milestones = [milestone]
            return WebhookNews(milestones: [milestone], reading: reading)
        }
    }

    private static func linked(_ id: String = "shop", hidden: [ItemKey: Set<Role>] = [:]) -> ProjectDefinition {
        var definition = project(id, hidden: hidden)
        definition.webhookSecrets = [.github: [.environment(name: "SECRET")]]
        return definition
    }

    private func events(_ rig: EngineRig, role: Role = .owner) throws -> [StatusEvent] {
        guard
            case .events(let entries) = rig.journal.events(
                after: EventID(epoch: rig.journal.newestID.epoch, sequence: 0), limit: 5_000)
        else { return [] }
        return try entries.compactMap { $0.event.bytes(for: role) }.compactMap { bytes in
            guard case .event(let event) = try WatchMessage(decoding: bytes, in: MessageArena()) else { return nil }
            return event
        }
    }

    private func pushes(_ rig: EngineRig) throws -> [StatusEvent] {
        try events(rig).filter { $0.kind == "github:push" }
    }

    private func answering(pushedAt: UnixTime = pushed, words: String = "Linked to main") -> ManualProvider.Script {
        { .success($0.reading(words: words, pushedAt: pushedAt)) }
    }

    @Test("one shows at once, is told of, is on the disk by the time it is answered, and has the item read")
    func taken() async throws {
        let store = MemoryStore()
        try await EngineRig(answering(), store: store).run([Self.linked()]) { rig in
            _ = await rig.read()
            let receipt = try await rig.take(Push())
            #expect(!receipt.isDuplicate)
            #expect(try events(rig).suffix(2).map(\.kind) == ["github:push", "status:update"])
            #expect(try events(rig).suffix(2).map(\.id) == receipt.events)
            #expect(rig.item()?.summary == "Pushed")
            let kept = try #require(await store.delivery("delivery-1", of: shop, from: .github))
            #expect(kept.events == receipt.events)
            #expect(try await store.load().items.first?.record.reading?.milestones.map(\.at) == [Push().at])
            await rig.advance(by: .seconds(2))
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("the read that confirms it tells no second push, nor does one of a copy that lags")
    func confirmed() async throws {
        try await EngineRig(answering()).run([Self.linked()]) { rig in
            _ = await rig.read()
            // GitHub's copies have not heard of it yet.
            _ = try await rig.take(Push())
            await rig.advance(by: .seconds(2))
            rig.provider.follow(answering(pushedAt: Push().at, words: "Pushed"))
            await rig.advance(by: .seconds(15))
            #expect(rig.provider.readCount == 3)
            #expect(try pushes(rig).map(\.at) == [Push().at])
            rig.provider.follow(answering(pushedAt: Push().at.advanced(by: .seconds(60)), words: "Pushed"))
            await rig.advance(by: .seconds(15))
            #expect(try pushes(rig).count == 2)
        }
    }

    @Test("one that is handed on again is a duplicate, at once, after a restart, and for many at once")
    func duplicates() async throws {
        let store = MemoryStore()
        var first = WebhookReceipt()
        try await EngineRig(answering(), store: store).run([Self.linked()]) { rig in
            _ = await rig.read()
            first = try await rig.take(Push())
            let again = try await rig.take(Push())
            #expect(again == WebhookReceipt(events: first.events, isDuplicate: true))
            #expect(try pushes(rig).count == 1)
        }
        try await EngineRig(answering(), store: store).run([Self.linked()]) { rig in
            let again = try await rig.take(Push())
            #expect(again == WebhookReceipt(events: first.events, isDuplicate: true))
            #expect(try pushes(rig).count == 1)
            let receipts = try await withThrowingTaskGroup(of: WebhookReceipt.self) { group in
                let second = Push(deliveryID: "delivery-2", at: Push().at.advanced(by: .seconds(1)))
                for _ in 0..<20 { group.addTask { try await rig.take(second) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(receipts.count { !$0.isDuplicate } == 1)
        }
    }

    @Test("one that is played again under other names is told, shown and kept no second time")
    func replayed() async throws {
        let store = MemoryStore()
        try await EngineRig(answering(), store: store).run([Self.linked()]) { rig in
            _ = await rig.read()
            let first = try await rig.take(Push())
            for number in 0..<50 {
                #expect(try await rig.take(Push(deliveryID: "again-\(number)")).events.isEmpty)
                #expect(try await store.delivery("again-\(number)", of: shop, from: .github) == nil)
            }
            #expect(try events(rig).last?.id == first.events.last)
        }
    }

    @Test("of one that comes many times at once one counts, however old the store's answers are")
    func race() async throws {
        let store = HeldStore()
        try await EngineRig(answering(), store: store).run([Self.linked()]) { rig in
            _ = await rig.read()
            store.hold()
            // These asked the store before the delivery was there.
            let early = (0..<8).map { _ in Task { try await rig.take(Push()) } }
            await eventually { store.heldCount == 8 }
            store.holdNoMore()
            let middle = try await rig.take(Push())
            #expect(!middle.isDuplicate)
            store.release()
            for task in early { #expect(try await task.value.isDuplicate) }
            #expect(try pushes(rig).count == 1)
        }
    }

    @Test("while the store refuses it is not acknowledged, shows all the same, and counts once when it is kept")
    func refusingStore() async throws {
        let store = HeldStore()
        try await EngineRig(answering(), store: store).run([Self.linked()]) { rig in
            _ = await rig.read()
            await eventually { rig.engine.isPersisting }
            store.refuse()
            await #expect(throws: StoreError.self) { _ = try await rig.take(Push()) }
            await #expect(throws: StoreError.self) { _ = try await rig.take(Push()) }
            #expect(rig.item()?.summary == "Pushed")
            store.refuse(nil)
            var receipt: WebhookReceipt?
            await eventually {
                rig.time.advance(by: .seconds(1))
                receipt = try? await rig.take(Push())
                return receipt != nil
            }
            #expect(receipt?.isDuplicate == true)
            let count = try pushes(rig).count
            #expect(count == 1)
        }
    }

    @Test("an older one, under a name of its own, is taken and tells nothing")
    func older() async throws {
        try await EngineRig(answering()).run([Self.linked()]) { rig in
            _ = await rig.read()
            _ = try await rig.take(Push())
            let before = rig.entry()?.snapshot
            let older = try await rig.take(Push(deliveryID: "delivery-0", at: Self.pushed))
            #expect(older == WebhookReceipt())
            #expect(rig.entry()?.snapshot == before)
        }
    }

    @Test("before the first read it is an event, and the first read tells of nothing again")
    func unread() async throws {
        try await EngineRig(answering(pushedAt: Push().at)).run([Self.linked()]) { rig in
            let receipt = try await rig.take(Push())
            #expect(receipt.events.count == 1)
            _ = await rig.read()
            #expect(try pushes(rig).count == 1)
        }
    }

    @Test("a failure stands beside it, and a refused secret is not tried again for it")
    func failing() async throws {
        let rig = EngineRig(answering(), credentials: FakeCredentials())
        try await rig.run([Self.linked()]) { rig in
            _ = await rig.read()
            rig.provider.follow { _ in .failure(failure(.oauthRevoked, cause: .refused, .replaces)) }
            await rig.advance(by: .seconds(16))
            #expect(rig.item()?.status == .error)
            let count = rig.provider.readCount
            _ = try await rig.take(Push())
            await rig.advance(by: .seconds(3))
            #expect(rig.item()?.status == .error)
            #expect(rig.provider.readCount == count)
            #expect(try pushes(rig).count == 1)
        }
    }

    @Test("a role learns nothing of one whose item is hidden from it")
    func hidden() async throws {
        let definition = Self.linked(hidden: [EngineRig.github: [.viewer]])
        try await EngineRig(answering()).run([definition]) { rig in
            let before = rig.view(role: .viewer)?.envelope
            _ = try await rig.take(Push())
            #expect(try events(rig, role: .viewer).isEmpty)
            #expect(rig.view(role: .viewer)?.envelope == before)
            #expect(try pushes(rig).count == 1)
        }
    }

    @Test("every project with the link gets it; a link without a secret, and one that is gone, do not")
    func links() async throws {
        let projects = [Self.linked("shop"), Self.linked("docs"), project("bare")]
        try await EngineRig(answering()).run(projects) { rig in
            let found = await rig.engine.webhookLinks(of: .github, named: ["octo-org/github", "octo-org/other"])
            #expect(found.map(\.project.rawValue) == ["docs", "shop"])
            #expect(found.first?.secrets == [.environment(name: "SECRET")])
            let receipt = try await rig.engine.take(Push(), from: .github, for: found.map(\.project))
            #expect(receipt.events.count == 2)
            #expect(try Set(pushes(rig).map(\.projectID.rawValue)) == ["docs", "shop"])
            _ = await rig.engine.redefine([Self.linked("docs")])
            let left = await rig.engine.webhookLinks(of: .github, named: ["octo-org/github"])
            #expect(left.map(\.project.rawValue) == ["docs"])
            #expect(await rig.engine.webhookSecrets(of: .github, limit: 9) == [.environment(name: "SECRET")])
            #expect(await rig.engine.webhookSecrets(of: .vercel, limit: 9).isEmpty)
        }
    }
}

extension EngineRig {
    fileprivate func take(_ webhook: some Webhook) async throws -> WebhookReceipt {
        guard let id = ProjectID("shop") else { return WebhookReceipt() }
        return try await engine.take(webhook, from: .github, for: [id])
    }
}

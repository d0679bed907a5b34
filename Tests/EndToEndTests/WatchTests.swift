import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A watch, from GitHub to the client", .timeLimit(.minutes(2)))
    struct WatchTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("begins with a snapshot, and a push arrives by itself")
        func push() async throws {
            let daemon = try await stage.startDaemon(refresh: Refresh.eagerly)
            let client = daemon.client()
            _ = try await client.status(of: .shop)
            var watch = client.watch(projects: [.shop]).makeAsyncIterator()
            #expect(try await watch.next() == .connection(.connected))
            guard case .snapshot(let snapshot, let asOf) = try await watch.next() else {
                Issue.record("the first message is no snapshot")
                return
            }
            #expect(snapshot.overall == .connected)
            try await stage.simulator.push("acme/shop")
            var (kinds, changed): (Set<String>, IntegrationStatus?) = ([], nil)
            // A first reading may come in two parts, and the second is an update before the push.
            let before = snapshot.items[0].summary
            while !kinds.contains("github:push") || changed?.summary ?? before == before,
                let update = try await watch.next()
            {
                guard case .event(let event) = update else { continue }
                #expect(event.projectID == .shop)
                #expect(try #require(asOf).sequence < event.id.sequence)
                kinds.insert(event.kind)
                changed = event.items.first ?? changed
            }
            #expect(kinds == ["github:push", "status:update"])
            let summary = try #require(changed).summary
            #expect(summary.hasPrefix("Linked to main · Last push ") && summary != before)
            #expect(try await client.status(of: .shop).envelope?.items[0].summary.hasSuffix("m ago") == false)
        }

        @Test("resumes behind the event that it was given, and misses none")
        func resume() async throws {
            let daemon = try await stage.startDaemon(refresh: Refresh.eagerly)
            let client = daemon.client()
            _ = try await client.status(of: .shop)
            guard let first = try await firstSnapshot(of: client) else { return }
            try await stage.simulator.push("acme/shop")
            let push = try await firstPush(in: client.watch(projects: [.shop], resumeAfter: first))
            let again = try await firstPush(in: client.watch(projects: [.shop], resumeAfter: first))
            #expect(push == again)
        }

        @Test("one of another daemon's events is told what it lost, and begins anew")
        func foreignEpoch() async throws {
            let client = try await stage.startDaemon().client()
            _ = try await client.status(of: .shop)
            var watch = client.watch(projects: [.shop], resumeAfter: EventID(epoch: 1, sequence: 7)).makeAsyncIterator()
            #expect(try await watch.next() == .connection(.connected))
            guard case .reset(let reset) = try await watch.next() else {
                Issue.record("the first message is no reset")
                return
            }
            #expect(reset.reason == .epoch)
            guard case .snapshot(let envelope, _) = try await watch.next() else {
                Issue.record("no snapshot follows the reset")
                return
            }
            #expect(envelope.overall == .connected)
        }

        private func firstSnapshot(of client: TelltaleClient) async throws -> EventID? {
            for try await update in client.watch(projects: [.shop]) {
                if case .snapshot(_, let asOf) = update { return asOf }
            }
            return nil
        }

        private func firstPush(in watch: StatusUpdates) async throws -> EventID? {
            for try await update in watch {
                #expect({ if case .snapshot = update { false } else { true } }(), "a resumed watch began anew")
                if case .event(let event) = update, event.kind == "github:push" { return event.id }
            }
            return nil
        }
    }
}

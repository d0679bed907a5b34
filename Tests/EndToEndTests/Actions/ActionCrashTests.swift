import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// A thousand wishes under fifty keys come to fifty calls, whatever becomes of the daemon.
    @Suite("Fifty keys", .timeLimit(.minutes(5)))
    struct ActionCrashTests {
        private static let keys = 50
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("1,000 calls at once with 50 keys are exactly 50 calls upstream")
        func once() async throws {
            let daemon = try await start()
            await ask(1_000, of: daemon)
            try await finish(daemon.client())
            let requests = try await stage.simulator.requests
            #expect(requests.count(of: "/repos/acme/shop/dispatches") == Self.keys)
            #expect(requests.mutations == Self.keys)
        }

        @Test(
            "the same, killed at each step of an operation's life: never twice, and what was not sent for sure says so",
            arguments: [
                "operation.record.before", "operation.record.after", "operation.send.before", "operation.send.after",
                "operation.end.after", "store.commit.before", "store.commit.after",
            ])
        func killed(point: String) async throws {
            var killed = 0
            for pass in [3, 7, 23] {
                // One that dies while it starts has been killed in its store: that is fine.
                guard let daemon = try? await start(environment: ["TELLTALE_FAILPOINT": "\(point):\(pass)"]) else {
                    continue
                }
                await ask(200, of: daemon)
                // It comes to the point behind its answers, and then gives none.
                if (try? await finish(daemon.client())) == nil { killed += 1 }
                try await daemon.crash()
            }
            #expect(killed > 0, "no daemon was killed at \(point)")
            let last = try await start()
            await ask(200, of: last)
            let ends = try await finish(last.client())
            let calls = try await stage.simulator.requests.count(of: "/repos/acme/shop/dispatches")
            let unknown = ends.count { $0.state == .unknownOutcome }
            #expect(ends.count == Self.keys)
            #expect(ends.allSatisfy { $0.state == .succeeded || $0.state == .unknownOutcome })
            // Each that succeeded was sent once, and of the others nobody knows: each at most once.
            #expect(calls >= Self.keys - unknown && calls <= Self.keys, "\(calls) calls, \(unknown) unknown")
        }

        @Test(
            "what was recorded is not begun on another link: nothing reaches the provider, and the operation says why")
        func relinked() async throws {
            let first = try await stage.startDaemon(environment: ["TELLTALE_FAILPOINT": "operation.record.after"])
            _ = try? await first.client().run(push)
            try await first.process.finish()
            let other = #"shop: { github: { repo: "acme/other", api: "$API", credential: "$TOKEN" } }"#
            let client = try await stage.startDaemon(projects: other).client()
            let operations = try await client.operations(OperationListQuery(projectID: .shop)).operations
            let end = try await client.end(of: try #require(operations.first).id)
            #expect(end.state == .failed && end.error?.reason == "LINK_CHANGED")
            let replay = try await client.run(push)
            #expect(replay.isReplayed && replay.operation.id == end.id)
            #expect(try await stage.simulator.requests.mutations == 0)
        }

        private func start(environment: [String: String] = [:]) async throws -> RunningDaemon {
            try await stage.startDaemon(more: "actions: { perMinute: 1000 },", environment: environment)
        }

        /// So many wishes at once, each key as often; a daemon that dies answers some of them with an error.
        private func ask(_ count: Int, of daemon: RunningDaemon) async {
            let client = daemon.client()
            await withTaskGroup { group in
                for number in 0..<count {
                    group.addTask {
                        let request = ActionRequest(
                            projectID: .shop, key: .provider(.github), action: "push",
                            idempotencyKey: ActionKey.text(number % Self.keys))
                        // Whoever is refused asks again.
                        for _ in 0..<3 {
                            if (try? await client.run(request)) != nil || daemon.process.state.ending != nil { return }
                        }
                    }
                }
            }
        }

        private var push: ActionRequest {
            ActionRequest(
                projectID: .shop, key: .provider(.github), action: "push", idempotencyKey: ActionKey.text(1))
        }

        private func list(_ client: TelltaleClient) async throws -> [Operation] {
            try await client.operations(OperationListQuery(projectID: .shop, pageSize: 200)).operations
        }

        /// All operations, once they are over.
        @discardableResult
        private func finish(_ client: TelltaleClient) async throws -> [Operation] {
            var ends: [Operation] = []
            for operation in try await list(client) { ends.append(try await client.end(of: operation.id)) }
            return ends
        }
    }
}

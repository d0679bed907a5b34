import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// Behaviours 28 to 32: what a caller may rely on when it has something done.
    @Suite("Behaviours of actions", .timeLimit(.minutes(3)))
    struct ActionBehaviourTests {
        private let stage: Stage
        private let github = ItemKey.provider(.github)

        init() async throws { stage = try await Stage() }

        @Test(
            "the same key and payload again is the stored result, marked replayed, also after a restart, without a call"
        )
        func behaviour28_replayed() async throws {
            let first = try await stage.startDaemon()
            let receipt = try await first.client().run(push(1))
            #expect(!receipt.isReplayed)
            let end = try await first.client().end(of: receipt.operation.id)
            #expect(end.state == .succeeded)
            #expect(try await stage.simulator.requests.mutations == 1)
            let replay = try await first.client().run(push(1))
            #expect(replay.isReplayed && !replay.isInFlight && replay.operation == end)
            try await first.crash()

            let second = try await stage.startDaemon()
            let again = try await second.client().run(push(1))
            #expect(again.isReplayed && again.operation.id == end.id && again.operation.state == .succeeded)
            #expect(again.operation.createdAt == end.createdAt, "the first time")
            #expect(try await stage.simulator.requests.mutations == 1)
        }

        @Test("while it runs the repeat gets the running operation; another request or no key is an error that says so")
        func behaviour29_inFlight() async throws {
            let client = try await stage.startDaemon().client()
            _ = try await client.status(of: .shop, mode: .preferFresh)
            try await stage.simulator.inject(#"{"kind":"hang","path_prefix":"/repos/acme/shop/dispatches"}"#)
            let receipt = try await client.run(push(1))
            let repeated = try await client.run(push(1))
            #expect(repeated.isReplayed && repeated.isInFlight && repeated.operation.id == receipt.operation.id)

            var other = push(1)
            other.payload = Array(#"{"event_type":"other"}"#.utf8)
            let reused = await error { try await client.run(other) }
            #expect(reused?.code == .failedPrecondition && reused?.reason == "KEY_REUSED")
            #expect(reused?.metadata["operation_id"] == receipt.operation.id)
            var keyless = push(1)
            keyless.idempotencyKey = ""
            let missing = await error { try await client.run(keyless) }
            #expect(missing?.code == .invalidArgument && missing?.reason == "KEY_MISSING")
            try await stage.simulator.clearFaults()
        }

        @Test("killed between the provider's yes and the record of it, the outcome is unknown and nothing runs again")
        func behaviour30_unknown() async throws {
            let first = try await stage.startDaemon(
                environment: ["TELLTALE_FAILPOINT": "operation.send.after"])
            let receipt = try await first.client().run(push(1))
            try await first.process.finish()
            #expect(try await stage.simulator.requests.mutations == 1)
            for _ in 0..<2 {
                let next = try await stage.startDaemon()
                let end = try await next.client().end(of: receipt.operation.id)
                #expect(end.state == .unknownOutcome && end.error?.reason == "OUTCOME_UNKNOWN")
                #expect(end.error?.message.contains("new key") == true)
                let replay = try await next.client().run(push(1))
                #expect(replay.isReplayed && replay.operation.state == .unknownOutcome)
                #expect(try await stage.simulator.requests.mutations == 1)
                try await next.crash()
            }
        }

        @Test("the sixth of a user within a minute is refused with limit, rest and time; another user is not slowed")
        func behaviour31_limit() async throws {
            let daemon = try await stage.startDaemon()
            let ada = daemon.client(user: "ada")
            for number in 1...5 { _ = try await ada.run(push(number)) }
            let refused = await error { try await ada.run(push(6)) }
            #expect(refused?.code == .resourceExhausted && refused?.reason == "RATE_LIMITED")
            #expect(refused?.metadata["limit"] == "5" && refused?.metadata["remaining"] == "0")
            let wait = try #require(refused?.retryAfter)
            #expect(wait > .seconds(30) && wait <= .seconds(60))
            _ = try await daemon.client(user: "bob").run(push(7))
            try await daemon.crash()
            let next = try await stage.startDaemon()
            let kept = await error { try await next.client(user: "ada").run(push(6)) }
            #expect(kept?.reason == "RATE_LIMITED", "also after a restart")
        }

        @Test("a role without the right is denied in one sentence and one line, whether or not there is a target")
        func behaviour32_denied() async throws {
            let daemon = try await stage.startDaemon()
            let viewer = daemon.client(role: .viewer)
            var messages: Set<String> = []
            for project in ["shop", "nowhere"] {
                var request = push(1)
                request.projectID = ProjectID(known: project)
                let denied = await error { try await viewer.run(request) }
                #expect(denied?.code == .permissionDenied && denied?.reason == "ACTION_DENIED")
                messages.insert(denied?.message ?? "")
            }
            #expect(messages == [#"The role viewer may not run "push" on github."#])
            #expect(try await stage.simulator.requests.mutations == 0)
            try await daemon.process.waitForError("decision=denied")
            let lines = daemon.process.state.errors.split(separator: "\n").filter { $0.contains("action decided") }
            #expect(lines.count == 2)
            #expect(lines.allSatisfy { $0.contains("decision=denied") && $0.contains("role=viewer") })
        }

        private func push(_ number: Int) -> ActionRequest {
            ActionRequest(
                projectID: .shop, key: github, action: "push", idempotencyKey: ActionKey.text(number))
        }

        private func error(_ body: () async throws -> OperationReceipt) async -> TelltaleError? {
            do {
                _ = try await body()
                return nil
            } catch {
                return error as? TelltaleError
            }
        }
    }
}

/// Keys that a test writes in its own source.
enum ActionKey {
    static func text(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }
}

extension TelltaleClient {
    /// The operation, once it is over.
    func end(of id: String) async throws -> Operation {
        var query = OperationQuery(id: id, wait: .seconds(10))
        while true {
            let operation = try await operation(query)
            if operation.state.isOver { return operation }
            query.knownVersion = operation.version
        }
    }
}

import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// SPEC §8: a line for each decision, whatever becomes of the daemon that made it.
    @Suite("The audit of actions", .timeLimit(.minutes(2)))
    struct AuditTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test(
            "a daemon that is killed once it has recorded has written its line, and the next one what it does with it")
        func killed() async throws {
            for (number, (point, decision)) in [
                ("operation.record.after", "begun_again"), ("operation.send.after", "unknown_outcome"),
            ].enumerated() {
                let daemon = try await stage.startDaemon(environment: ["TELLTALE_FAILPOINT": point])
                _ = try? await daemon.client().run(push(number))
                let errors = try await daemon.process.finish().errors
                let line = try #require(lines(errors).first { $0.contains("decision=allowed") })
                let id = try #require(line.split(separator: " ").first { $0.hasPrefix("operationId=") })
                let next = try await stage.startDaemon()
                try await next.process.waitForError("decision=\(decision)")
                let resumed = try #require(lines(next.process.state.errors).first { $0.contains(id) })
                #expect(resumed.contains("decision=\(decision)") && resumed.contains("projectId=shop"))
                _ = try await next.client().end(of: String(id.dropFirst("operationId=".count)))
                #expect(try await next.stop() == .exited(0))
            }
        }

        @Test("a line for what could not be recorded follows the one that allowed it")
        func notRecorded() async throws {
            let daemon = try await stage.startDaemon(projects: "\(Stage.shop), \(Stage.bystander)")
            try await daemon.client().waitUntilKept()
            // What is written to a file that is gone is not kept.
            unlink(stage.storePath)
            _ = try? await daemon.client().run(push(1))
            try await daemon.process.waitForError("reason=STORE_UNAVAILABLE")
            let decisions = lines(daemon.process.state.errors).compactMap { line in
                line.split(separator: " ").first { $0.hasPrefix("decision=") }
            }
            #expect(decisions == ["decision=allowed", "decision=refused"])
        }

        private func push(_ number: Int) -> ActionRequest {
            ActionRequest(
                projectID: .shop, key: .provider(.github), action: "push", idempotencyKey: ActionKey.text(number))
        }

        private func lines(_ errors: String) -> [Substring] {
            errors.split(separator: "\n").filter { $0.contains("action decided") }
        }
    }
}

import FoundationEssentials
import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Webhooks, from a web service to the watchers", .timeLimit(.minutes(2)))
    struct WebhookTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// A push of this second, or some seconds ago, later than that of the simulator's example.
        private func delivery(_ id: String = "delivery-1", ago seconds: Int64 = 0) -> WebhookDelivery {
            let now = UnixTime(seconds: Int64(Date().timeIntervalSince1970) - seconds)
            return WebhookSamples.github(id: id, body: WebhookSamples.push(to: "acme/shop", at: now))
        }

        private func started() async throws -> RunningDaemon {
            let daemon = try await stage.startDaemon(projects: Stage.hooked, refresh: Refresh.patiently)
            #expect(try await daemon.client().status(of: .shop).envelope?.overall == .connected)
            return daemon
        }

        @Test("a signed push is on a watch and on the board within the call; the duplicate is not")
        func push() async throws {
            let client = try await started().client()
            var watch = client.watch(projects: [.shop], kinds: ["github:*"]).makeAsyncIterator()
            #expect(try await watch.next() == .connection(.connected))
            guard case .snapshot = try await watch.next() else {
                Issue.record("the first message is no snapshot")
                return
            }
            // GitHub itself is silent: what shows comes from the webhook alone.
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            let receipt = try await client.ingestWebhook(delivery(ago: 2))
            #expect(!receipt.isDuplicate && receipt.events.count == 2)
            let summary = try await client.status(of: .shop).envelope?.items[0].summary
            #expect(summary == "Linked to main · Last push just now")
            let again = try await client.ingestWebhook(delivery(ago: 2))
            #expect(again == WebhookReceipt(events: receipt.events, isDuplicate: true))
            let next = try await client.ingestWebhook(delivery("delivery-2"))
            var told: [EventID] = []
            while told.count < 2, let update = try await watch.next() {
                if case .event(let event) = update { told.append(event.id) }
            }
            #expect(told == [try #require(receipt.events.first), try #require(next.events.first)])
        }

        @Test("one that was acknowledged counts once, though the daemon is killed the moment after")
        func killed() async throws {
            let daemon = try await started()
            let receipt = try await daemon.client().ingestWebhook(delivery(ago: 2))
            try await daemon.crash()
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            let next = try await stage.startDaemon(projects: Stage.hooked)
            let client = next.client()
            #expect(try await client.status(of: .shop).envelope?.items[0].summary.contains("Last push") == true)
            let again = try await client.ingestWebhook(delivery(ago: 2))
            #expect(again == WebhookReceipt(events: receipt.events, isDuplicate: true))
            #expect(try await client.ingestWebhook(delivery("delivery-2")).isDuplicate == false)
        }

        @Test("a forged one is refused, and the log tells why without a word of the delivery")
        func forged() async throws {
            let daemon = try await started()
            let forged = delivery().with("x-hub-signature-256", "sha256=\(String(repeating: "0", count: 64))")
            let error = await #expect(throws: TelltaleError.self) {
                _ = try await daemon.client().ingestWebhook(forged)
            }
            #expect(error?.code == .unauthenticated)
            try await daemon.process.waitForError("msg=\"webhook refused\"")
            let log = daemon.process.state.errors
            #expect(log.contains("reason=mismatched"))
            #expect(!log.contains("canary@example.com") && !log.contains(WebhookSamples.secret))
        }

        @Test("the command hands one on from a shell, byte for byte")
        func command() async throws {
            let daemon = try await started()
            let delivery = self.delivery()
            let body = try stage.directory.write(String(decoding: delivery.body, as: UTF8.self), to: "body")
            let headers = delivery.headers.map { "--header '\($0.name): \($0.value)'" }.joined(separator: " ")
            func handOn() async throws -> ProgramProcess.State {
                try await ProgramProcess(
                    path: "/bin/sh", ["-c", "\(Program.telltale.path) webhook github \(headers) <\(body)"],
                    environment: ["TELLTALE_SOCKET": daemon.socketPath]
                ).finish()
            }
            let first = try await handOn()
            #expect(first.ending == .exited(0), "\(first.errors)")
            #expect(first.output.hasPrefix("The webhook is genuine and taken as "))
            #expect(try await handOn().output.hasPrefix("The webhook had come before as "))
        }
    }
}

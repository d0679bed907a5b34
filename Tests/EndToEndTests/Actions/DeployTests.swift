import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A deploy", .timeLimit(.minutes(2)))
    struct DeployTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("it is followed to its end, its events are seen once, and the board turns from failing to live")
        func production() async throws {
            let daemon = try await stage.startDaemon(
                projects: Stage.everything, refresh: Refresh.patiently, more: "statusPages: { enabled: false },")
            let client = daemon.client()
            let before = try await client.status(of: .shop, mode: .preferFresh)
            #expect(production(before)?.status == .warning)

            var run: ProgramProcess?
            var seen: [String] = []
            for try await update in client.watch(projects: [.shop]) {
                switch update {
                case .snapshot:
                    run = try daemon.launch(
                        "run", "shop", "vercel", "deploy-production", "--key", ActionKey.text(1), "--wait")
                case .event(let event): seen.append(event.kind)
                default: break
                }
                if seen.contains("action:finished") && seen.contains("deploy:finished") { break }
            }
            let result = try await run?.finish()
            #expect(result?.ending == .exited(0), "\(result?.output ?? "")\(result?.errors ?? "")")
            while production(try await client.status(of: .shop))?.status != .connected {}
            #expect(seen.count { $0 == "deploy:started" } == 1, "\(seen)")
            #expect(seen.count { $0 == "deploy:finished" } == 1, "\(seen)")
            let calls = try await stage.simulator.requests.mutations
            let again = try await daemon.run(
                "run", "shop", "vercel", "deploy-production", "--key", ActionKey.text(1), "--wait", "--json")
            #expect(again.ending == .exited(0) && again.output.contains(#""replayed":true"#), "\(again.output)")
            #expect(try await stage.simulator.requests.mutations == calls)
        }

        @Test("a daemon that is killed while it builds goes on to its end with the next")
        func killed() async throws {
            try await stage.simulator.command("PUT", "vercel/projects/shop/builds", #"{"duration_ms":3000}"#)
            let first = try await stage.startDaemon(projects: Stage.everything, refresh: Refresh.patiently)
            _ = try await first.client().status(of: .shop, mode: .preferFresh)
            let request = ActionRequest(
                projectID: .shop, key: .provider(.vercel), action: "deploy-production",
                idempotencyKey: ActionKey.text(1))
            let receipt = try await first.client().run(request)
            while try await first.client().operation(OperationQuery(id: receipt.operation.id)).version < 3 {}
            try await first.crash()
            let second = try await stage.startDaemon(projects: Stage.everything, refresh: Refresh.patiently)
            let end = try await second.client().end(of: receipt.operation.id)
            #expect(end.state == .succeeded, "\(end)")
            #expect(try await stage.simulator.requests.count(of: "/vercel/v13/deployments") == 1)
        }

        private func production(_ answer: StatusAnswer) -> EnvironmentStatus? {
            answer.envelope?.items.first { $0.key == .provider(.vercel) }?.environments.first {
                $0.name == "production"
            }
        }
    }
}

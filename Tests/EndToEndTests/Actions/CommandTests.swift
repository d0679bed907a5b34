import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Local commands", .timeLimit(.minutes(2)))
    struct CommandTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test(
            "a program in the place of a push gets the wish as JSON, its words are the result, and a reload replaces it"
        )
        func replaced() async throws {
            let daemon = try await stage.startDaemon(
                projects: try shop("cat > $0.in; echo '{\"summary\":\"Done here\"}'"))
            let client = daemon.client()
            let first = try await client.end(of: try await client.run(push(1)).operation.id)
            #expect(first.state == .succeeded && first.summary == "Done here", "\(first)")
            let told = try stage.directory.read("command.in")
            #expect(told.contains(#""action":"push""#) && told.contains(first.id) && !told.contains("sim-token"))
            #expect(try await stage.simulator.requests.mutations == 0)

            _ = try stage.configure(projects: try shop("echo 'no space left' >&2; exit 3"), refresh: Refresh.onDemand)
            _ = try await client.reload()
            let second = try await client.end(of: try await client.run(push(2)).operation.id)
            #expect(second.state == .failed && second.error?.message.contains("no space left") == true, "\(second)")
        }

        @Test("one that floods, hangs or forks is ended in its time, told as unknown, and leaves nothing behind")
        func hostile() async throws {
            for (number, script) in ["yes", "sleep 100", "sleep 100 & sleep 100 & exit 0", "kill -9 $$"].enumerated() {
                let daemon = try await stage.startDaemon(projects: try shop(script))
                let client = daemon.client()
                let end = try await client.end(of: try await client.run(push(number + 1)).operation.id)
                #expect(end.state == (number == 2 ? .succeeded : .unknownOutcome), "\(script): \(end)")
                let children = try await ProgramProcess(
                    path: "/bin/sh", ["-c", "cat /proc/\(daemon.process.processID)/task/*/children"]
                ).finish()
                let left = children.output.split(whereSeparator: \.isWhitespace)
                #expect(left.isEmpty, "\(script) left \(left)")
                #expect(try await daemon.stop() == .exited(0))
            }
        }

        private func push(_ number: Int) -> ActionRequest {
            ActionRequest(
                projectID: .shop, key: .provider(.github), action: "push", idempotencyKey: ActionKey.text(number))
        }

        private func shop(_ script: String) throws -> String {
            let path = try stage.directory.write(script + "\n", to: "command")
            return #"""
                shop: {
                  github: { repo: "acme/shop", api: "$API", credential: "$TOKEN" },
                  actions: { github: { push: { command: ["/bin/sh", "\#(path)"], timeout: "1s" } } },
                }
                """#
        }
    }
}

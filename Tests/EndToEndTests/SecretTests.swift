import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A token stays where it belongs", .timeLimit(.minutes(2)))
    struct SecretTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// A token that is found wherever it leaks to.
        private static let canary = "ghp_Canary0tweet0tweet0tweet0tweet0tw33t"

        private static let project =
            #"shop: { github: { repo: "acme/shop", api: "$API", credential: "env:CANARY" } }"#

        @Test("it shows in no output when all is well, and none when it is refused", arguments: [true, false])
        func simulator(isAccepted: Bool) async throws {
            if isAccepted { try await stage.simulator.command("PUT", "github/tokens/\(Self.canary)") }
            let daemon = try await stage.startDaemon(
                projects: Self.project, refresh: Refresh.eagerly, environment: ["CANARY": Self.canary])
            let item = try await daemon.client().status(of: .shop).envelope?.items[0]
            // Or the token was never used, and this test tests nothing.
            #expect(item?.status == (isAccepted ? .connected : .error))
            #expect(item?.problem?.code == (isAccepted ? nil : .oauthRevoked))
            try await expectNoCanary(in: daemon)
        }

        @Test("no provider's secret shows in any output, taken or refused", arguments: [true, false])
        func everyProvider(isAccepted: Bool) async throws {
            let header = #"secretHeaders: { "X-Api-Key": "env:CANARY" },"#
            var projects = Stage.everything.replacing("worker: {", with: "worker: { \(header)")
            if !isAccepted {
                for name in Stage.secrets.keys { projects = projects.replacing(name, with: "env:CANARY") }
            }
            let daemon = try await stage.startDaemon(
                projects: projects, refresh: Refresh.eagerly, more: "statusPages: { enabled: false },",
                environment: ["CANARY": Self.canary])
            let envelope = try #require(try await daemon.client().refresh(.shop).envelope)
            for item in envelope.items {
                #expect((item.problem?.code == .oauthRevoked) == !isAccepted, "\(item.key): \(item)")
            }
            try await expectNone(of: Array(Stage.secrets.values) + [Self.canary], in: daemon)
        }

        @Test("it does not travel to where a redirect leads, and shows in no output")
        func redirect() async throws {
            let elsewhere = try ScriptedHTTPServer(.answer(200, body: "{}"))
            defer { elsewhere.stop() }
            let target = elsewhere.url("/steal", host: "localhost")
            let provider = try ScriptedHTTPServer(.redirect(301, to: target))
            defer { provider.stop() }
            let daemon = try await stage.startDaemon(
                projects: Self.project.replacing("$API", with: provider.url("")),
                refresh: Refresh.eagerly, environment: ["CANARY": Self.canary])
            #expect(try await daemon.client().status(of: .shop).envelope?.items[0].status == .error)
            #expect(provider.requests.first?.values(of: "authorization") == ["Bearer \(Self.canary)"])
            #expect(!elsewhere.requests.isEmpty, "not followed, so this tests nothing")
            for request in elsewhere.requests {
                #expect(!request.headers.contains { $0.value.contains(Self.canary) })
                #expect(!request.target.contains(Self.canary))
            }
            try await expectNoCanary(in: daemon)
        }

        /// Looks into everything that a daemon at its most talkative and its command line write.
        private func expectNoCanary(in daemon: RunningDaemon) async throws {
            try await expectNone(of: [Self.canary], in: daemon)
        }

        private func expectNone(of secrets: [String], in daemon: RunningDaemon) async throws {
            for arguments in [
                ["status", "shop"], ["status", "shop", "--json"], ["status", "--json"], ["projects", "--json"],
                ["why", "shop"], ["why", "shop", "--json"], ["cache", "--json"],
            ] {
                let end = try await ProgramProcess(
                    .telltale, arguments, environment: ["TELLTALE_SOCKET": daemon.socketPath]
                ).finish()
                #expect(end.ending == .exited(0))
                for secret in secrets { #expect(!(end.output + end.errors).contains(secret)) }
            }
            daemon.process.send(SIGTERM)
            let end = try await daemon.process.finish()
            #expect(end.errors.contains("level=debug"), "the daemon was to log all it has to say:\n\(end.errors)")
            for secret in secrets { #expect(!(end.output + end.errors).contains(secret)) }
        }
    }
}

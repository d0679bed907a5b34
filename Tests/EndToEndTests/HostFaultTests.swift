import FoundationEssentials
import TestSupport
import Testing

extension EndToEnd {
    /// What stands between this host and a provider: names, ports, certificates. A monitor that cannot see must say so,
    /// and whose fault it is.
    @Suite("The way to a provider", .timeLimit(.minutes(2)))
    struct HostFaultTests {
        /// What is read here of `telltale status PROJECT --json`.
        private struct Answer: Decodable {
            struct Envelope: Decodable {
                var items: [Item]
            }

            struct Item: Decodable {
                struct Problem: Decodable {
                    var code: String
                    var cause: String
                    var hint: String
                }

                var key: String
                var status: String
                var problem: Problem?
            }

            var envelope: Envelope
        }

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        private func project(_ name: String, at api: String) -> String {
            "\(name): { github: { repo: \"acme/shop\", api: \"\(api)\", credential: \"$TOKEN\" } }"
        }

        private func problem(of project: String, told daemon: RunningDaemon) async throws -> Answer.Item.Problem? {
            let end = try await daemon.run("status", project, "--json")
            #expect(end.ending == .exited(0), "\(end.errors)")
            let answer = try JSONDecoder().decode(Answer.self, from: Data(end.output.utf8))
            let item = try #require(answer.envelope.items.first { $0.key == "github" })
            // Nothing was ever known of it.
            #expect(item.status == "error")
            return item.problem
        }

        @Test("a name that does not resolve is this host's fault, a closed port is the provider's")
        func unreachable() async throws {
            let closed = try ClosedPort()
            let daemon = try await stage.startDaemon(
                projects: [
                    project("unnamed", at: "https://nonexistent.invalid"),
                    project("closed", at: "https://127.0.0.1:\(closed.number)"),
                ].joined(separator: ",\n"), refresh: Refresh.patiently)
            let unnamed = try #require(try await problem(of: "unnamed", told: daemon))
            #expect(unnamed.code == "network" && unnamed.cause == "host")
            #expect(unnamed.hint.contains("DNS"))
            let refused = try #require(try await problem(of: "closed", told: daemon))
            #expect(refused.code == "network" && refused.cause == "provider")
            #expect(refused.hint.contains("takes no connection"))
            withExtendedLifetime(closed) {}
        }

        @Test(
            "a certificate that is out of its time, of another name or vouched for by nobody is told as such",
            .enabled(if: OpenSSL.isInstalled, "needs the openssl program"))
        func certificates() async throws {
            let authority = try TestAuthority()
            // A server reads its certificate as it starts, so that the next may take the place of the file.
            try authority.makeLeaf(host: "IP:127.0.0.1", days: -1)
            let expired = try TLSTestServer(authority, certificate: "leaf")
            try authority.makeLeaf(host: "DNS:other.invalid", days: 2)
            let wrongHost = try TLSTestServer(authority, certificate: "leaf")
            try authority.makeSelfSigned("self", subject: "/CN=self", host: "IP:127.0.0.1")
            let selfSigned = try TLSTestServer(authority, certificate: "self")
            let servers = [("expired", expired), ("wronghost", wrongHost), ("selfsigned", selfSigned)]
            let daemon = try await stage.startDaemon(
                projects: servers.map { project($0.0, at: "https://127.0.0.1:\($0.1.port)") }
                    .joined(separator: ",\n"),
                refresh: Refresh.patiently, more: "http: { caFile: \"\(authority.certificateFile)\" },")
            for (name, cause, words) in [
                ("expired", "provider", "out of its time"), ("wronghost", "provider", "another name"),
                ("selfsigned", "host", "does not trust"),
            ] {
                let problem = try #require(try await problem(of: name, told: daemon), "\(name)")
                #expect(problem.code == "tls" && problem.cause == cause, "\(name)")
                #expect(problem.hint.contains(words), "\(name): \(problem.hint)")
            }
            withExtendedLifetime((authority, servers)) {}
        }
    }
}

import FoundationEssentials
import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Tokens that expire", .timeLimit(.minutes(2)))
    struct OAuthTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// What the token file holds.
        private struct TokenFile: Decodable {
            var accessToken: String
            var refreshToken: String
        }

        private static let projects = """
            shop: { supabase: {
              ref: "abcdefghijklmnopqrst", api: "$API/supabase", url: "$API/supabase/project/abcdefghijklmnopqrst",
              credential: "oauth:acme", projectKey: "$KEY",
            } }
            """

        private func section(tokenFile: String) throws -> String {
            let secret = try stage.directory.write("sim-client-secret", to: "client")
            return """
                statusPages: { enabled: false },
                oauth: { acme: {
                  tokenURL: "\(stage.simulator.url)/supabase/v1/oauth/token", clientID: "sim-client",
                  clientSecret: "file:\(secret)", tokenFile: "\(tokenFile)",
                } },
                """
        }

        private func tokens(
            refresh: String, access: String = "long-expired", expiresAt: String = "2020-01-01T00:00:00Z"
        ) throws -> String {
            try stage.directory.write(
                #"{"access_token":"\#(access)","refresh_token":"\#(refresh)","expires_at":"\#(expiresAt)"}"#,
                to: "tokens.json")
        }

        private func kept() throws -> TokenFile {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(TokenFile.self, from: Data(try stage.directory.read("tokens.json").utf8))
        }

        @Test("reconnecting has a token that lives renewed, and verifies the link with the new one")
        func reconnected() async throws {
            let file = try tokens(
                refresh: "sim-refresh-token", access: "sim-supabase-token", expiresAt: "2090-01-01T00:00:00Z")
            let daemon = try await stage.startDaemon(projects: Self.projects, more: try section(tokenFile: file))
            _ = try await daemon.client().refresh(.shop)
            let before = try kept()
            #expect(before.accessToken == "sim-supabase-token")
            let run = try await daemon.run("run", "shop", "supabase", "reconnect", "--wait")
            #expect(run.ending == .exited(0), "\(run.output)\(run.errors)")
            let after = try kept()
            #expect(after.accessToken != before.accessToken && after.refreshToken != before.refreshToken)
            #expect(try await daemon.client().refresh(.shop).envelope?.items[3].status == .connected)
        }

        @Test("an expired token is renewed before it is used, and what takes its place is kept for its owner alone")
        func renewed() async throws {
            let file = try tokens(refresh: "sim-refresh-token")
            let daemon = try await stage.startDaemon(
                projects: Self.projects, more: try section(tokenFile: file))
            let item = try #require(try await daemon.client().refresh(.shop).envelope?.items[3])
            #expect(item.status == .connected, "\(item)")
            #expect(item.problem == nil)

            let kept = try kept()
            #expect(kept.accessToken != "long-expired" && kept.refreshToken != "sim-refresh-token")
            var status = stat()
            #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)

            daemon.process.send(SIGTERM)
            let end = try await daemon.process.finish()
            #expect(!(end.output + end.errors).contains(kept.accessToken))
            #expect(!(end.output + end.errors).contains(kept.refreshToken))
        }

        @Test("an entry that a reload brings is renewed and used without a restart")
        func reloaded() async throws {
            let daemon = try await stage.startDaemon()
            let section = try section(tokenFile: try tokens(refresh: "sim-refresh-token"))
            _ = try stage.configure(projects: Self.projects, refresh: Refresh.onDemand, more: section)
            let end = try await daemon.run("reload")
            #expect(end.ending == .exited(0) && !end.output.contains("oauth"), "\(end.output)\(end.errors)")
            let client = daemon.client()
            while try await client.refresh(.shop).envelope?.items[3].status != .connected {}
            #expect(try kept().refreshToken != "sim-refresh-token")
        }

        @Test("a grant that was taken back is revoked, and a new login is noticed")
        func revoked() async throws {
            let file = try tokens(refresh: "taken-back")
            let client = try await stage.startDaemon(
                projects: Self.projects, more: try section(tokenFile: file)
            ).client()
            let item = try #require(try await client.refresh(.shop).envelope?.items[3])
            #expect(item.status == .error)
            #expect(item.problem?.code == .oauthRevoked)
            #expect(item.problem?.hint.contains("tokens.json") == true)
            _ = try tokens(refresh: "sim-refresh-token")
            while try await client.status(of: .shop).envelope?.items[3].status != .connected {}
        }
    }
}

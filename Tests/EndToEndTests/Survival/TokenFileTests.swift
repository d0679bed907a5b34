import FoundationEssentials
import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// The files of renewed tokens, whose writer is killed in the midst of it.
    @Suite("A token file whose writer is killed", .timeLimit(.minutes(2)))
    struct TokenFileTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        private static let projects = """
            shop: { supabase: {
              ref: "abcdefghijklmnopqrst", api: "$API/supabase", url: "$API/supabase/project/abcdefghijklmnopqrst",
              credential: "oauth:acme", projectKey: "$KEY",
            } }
            """

        private static let expired =
            #"{"access_token":"long-expired","refresh_token":"sim-refresh-token","expires_at":"2020-01-01T00:00:00Z"}"#

        private func start(_ environment: [String: String] = [:]) throws -> RunningDaemon {
            let secret = try stage.directory.write("sim-client-secret", to: "client")
            return try stage.launchDaemon(
                projects: Self.projects,
                more: """
                    statusPages: { enabled: false },
                    oauth: { acme: {
                      tokenURL: "\(stage.simulator.url)/supabase/v1/oauth/token", clientID: "sim-client",
                      clientSecret: "file:\(secret)", tokenFile: "\(stage.directory.path)/tokens.json",
                    } },
                    """, environment: environment)
        }

        @Test(
            "holds the old tokens or the new ones, whole, and the next daemon goes on with what it holds",
            arguments: ["sync.before", "rename.before", "rename.after"])
        func killed(point: String) async throws {
            let file = try stage.directory.write(Self.expired, to: "tokens.json")
            let daemon = try start(["TELLTALE_FAILPOINT": "durableFile.\(point)"])
            // It may be gone before it answers.
            do {
                try await daemon.waitUntilServing()
                _ = try await daemon.client().status(of: .shop)
            } catch {}
            #expect(try await daemon.process.finish().ending == .killed(signal: SIGKILL))
            let kept = try stage.directory.read("tokens.json")
            let isNew = point == "rename.after"
            #expect((kept == Self.expired) == !isNew)
            #expect((try? JSONDecoder().decode([String: String].self, from: Data(kept.utf8))) != nil, "a torn file")
            var status = stat()
            #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)

            let next = try start()
            try await next.waitUntilServing()
            let item = try #require(try await next.client().refresh(.shop).envelope?.items[3])
            // What was renewed and not kept is spent: only a new login helps, and that is what it says.
            #expect(item.problem?.code == (isNew ? nil : .oauthRevoked), "\(item)")
        }
    }
}

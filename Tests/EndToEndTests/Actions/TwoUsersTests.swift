import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// Peers of other users, as the kernel vouches for them. Only root may start programs as somebody else.
    @Suite("Two users and one daemon", .timeLimit(.minutes(1)), .enabled(if: geteuid() == 0, "needs root"))
    struct TwoUsersTests {
        private static let editor = "61001"
        private static let viewer = "61002"
        private static let access = """
            socket: { mode: "0666" }, access: { users: { "\(editor)": "editor" }, groups: { "\(viewer)": "viewer" } },
            """
        private let stage: Stage

        init() async throws {
            stage = try await Stage()
            // The build may stand where other users cannot go.
            try #require(chmod(stage.directory.path, 0o755) == 0)
            let copy = try await ProgramProcess(
                path: "/bin/cp", [Program.telltale.path, "\(stage.directory.path)/telltale"]
            ).finish()
            try #require(copy.ending == .exited(0))
        }

        @Test("each has its own ceiling, whatever it asserts, and whoever is named by nothing is refused in a sentence")
        func ceilings() async throws {
            _ = try await stage.startDaemon(more: Self.access)
            let push = ["run", "shop", "github", "push", "--wait"]
            #expect(try await run(as: Self.editor, push).ending == .exited(0))
            let connect = try await run(as: Self.editor, ["run", "shop", "github", "disconnect", "--role", "owner"])
            #expect(connect.ending != .exited(0))
            #expect(connect.errors.contains(#"The role editor may not run "disconnect" on github."#))

            #expect(try await run(as: Self.viewer, ["status", "shop"]).ending == .exited(0))
            for role in ["owner", "viewer"] {
                let denied = try await run(as: Self.viewer, push + ["--role", role])
                #expect(denied.errors.contains(#"The role viewer may not run "push" on github."#), "\(denied.errors)")
            }
            let member = try await run(as: "61004", further: Self.viewer, ["status", "shop"])
            #expect(member.ending == .exited(0), "a further group counts as the first: \(member.errors)")
            let stranger = try await run(as: "61003", ["status", "shop"])
            #expect(stranger.ending != .exited(0))
            #expect(stranger.errors.contains("user 61003 is not allowed here"), "\(stranger.errors)")
            #expect(try await stage.simulator.requests.mutations == 1)
        }

        @Test("one user's limit and keys are not the other's, even where both name the same person")
        func apart() async throws {
            let daemon = try await stage.startDaemon(more: Self.access)
            let key = ["--key", ActionKey.text(1), "--user", "ada", "--json"]
            let push = ["run", "shop", "github", "push"]
            let first = try await run(as: Self.editor, push + key)
            #expect(first.output.contains(#""replayed":false"#), "\(first.output)\(first.errors)")
            let other = try await ProgramProcess(
                .telltale, push + key, environment: ["TELLTALE_SOCKET": daemon.socketPath]
            ).finish()
            #expect(other.output.contains(#""replayed":false"#), "\(other.output)\(other.errors)")
            for _ in 0..<4 {
                let more = try await run(as: Self.editor, push + ["--user", "ada"])
                #expect(more.ending == .exited(0))
            }
            let sixth = try await run(as: Self.editor, push + ["--user", "ada"])
            #expect(sixth.errors.contains("5 actions a minute"), "\(sixth.errors)")
            #expect(try await daemon.run("run", "shop", "github", "push", "--user", "ada").ending == .exited(0))
        }

        private func run(
            as user: String, further group: String? = nil, _ arguments: [String]
        ) async throws -> ProgramProcess.State {
            let groups = group.map { ["--groups", $0] } ?? ["--clear-groups"]
            return try await ProgramProcess(
                path: "/usr/bin/setpriv",
                ["--reuid", user, "--regid", user] + groups + ["\(stage.directory.path)/telltale"] + arguments,
                environment: ["TELLTALE_SOCKET": stage.socketPath]
            ).finish()
        }
    }
}

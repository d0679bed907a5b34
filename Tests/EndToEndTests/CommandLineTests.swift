import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    @Suite("The command line, against a daemon", .timeLimit(.minutes(2)))
    struct CommandLineTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// What is read here of `telltale status PROJECT --json`.
        private struct Answer: Decodable {
            struct Envelope: Decodable {
                struct Item: Decodable {
                    var key: String
                    var configured: Bool
                    var status: String
                    var summary: String
                }

                var projectId: String
                var items: [Item]
                var overall: String
                var hash: String
            }

            var envelope: Envelope
            var hash: String
        }

        /// One project of each state.
        private static let projects = #"""
            good: { github: { repo: "acme/shop", api: "$API", credential: "$TOKEN" } },
            quiet: { github: { repo: "acme/quiet", api: "$API", credential: "$TOKEN" } },
            refused: { github: { repo: "acme/shop", api: "$API", credential: "env:WRONG_TOKEN" } },
            none: {},
            """#

        private func startDaemon() async throws -> RunningDaemon {
            try await stage.simulator.setRepository("acme/quiet", #"{"quiet_days":9}"#)
            return try await stage.startDaemon(
                projects: Self.projects, refresh: Refresh.onDemand + #", firstWait: "2s""#,
                environment: ["WRONG_TOKEN": "nobody-knows-it"])
        }

        @Test("status tells a person how a project stands, and --check tells a shell")
        func status() async throws {
            let daemon = try await startDaemon()
            for (project, words, code) in [
                ("good", "Linked to main · Last push", 0), ("quiet", "Last push 1w ago", 1),
                ("refused", "(oauth_revoked)", 2),
                ("none", "not linked", 3),
            ] {
                let end = try await daemon.run("status", project)
                #expect(end.ending == .exited(0))
                #expect(end.output.contains(words), "\(end.output)")
                #expect(end.errors.isEmpty)
                #expect(try await daemon.run("status", project, "--check").ending == .exited(Int32(code)), "\(project)")
            }
            #expect(try await daemon.run("status", "--check").ending == .exited(2), "the worst of all")
        }

        @Test("status --json is one object a program can read")
        func json() async throws {
            let daemon = try await startDaemon()
            let end = try await daemon.run("status", "good", "--json")
            #expect(end.ending == .exited(0))
            let answer = try Self.decoder.decode(Answer.self, from: Data(end.outputBytes))
            #expect(answer.envelope.projectId == "good")
            #expect(answer.envelope.overall == "connected")
            #expect(answer.envelope.items.map(\.key) == ["github", "vercel", "sanity", "supabase"])
            #expect(answer.envelope.items.map(\.configured) == [true, false, false, false])
            #expect(answer.hash == answer.envelope.hash)
            let all = try await daemon.run("status", "--json")
            let answers = try Self.decoder.decode([Answer].self, from: Data(all.outputBytes))
            #expect(answers.map(\.envelope.projectId) == ["good", "none", "quiet", "refused"])
        }

        @Test("why tells what a status rests on or what refuses it, and reads nothing by itself")
        func why() async throws {
            let daemon = try await startDaemon()
            let unread = try await daemon.run("why", "good", "github")
            #expect(unread.output.contains("Nothing is known of GitHub yet"), "\(unread.output)")
            for (project, words) in [
                ("good", "Nothing is wrong; the status rests on what GitHub answered"),
                ("refused", "GitHub refuses us: the credential, a permission, or the link itself."),
                ("none", "Nothing is linked, so nothing is read."),
            ] {
                _ = try await daemon.run("status", project)
                let end = try await daemon.run("why", project)
                #expect(end.ending == .exited(0))
                #expect(end.output.contains(words), "\(end.output)")
                #expect(end.errors.isEmpty)
            }
            #expect(try await daemon.run("why", "nowhere").ending == .exited(EX_NOINPUT))
            #expect(try await daemon.run("cache").output.contains(stage.storePath))
            let withheld = try await daemon.run("cache", "--role", "viewer").output
            #expect(withheld.contains("store         on disk") && !withheld.contains(stage.directory.path))
        }

        @Test("status --fresh asks GitHub now")
        func fresh() async throws {
            let daemon = try await startDaemon()
            _ = try await daemon.run("status", "good")
            let readAt = ContinuousClock.now
            try await stage.simulator.push("acme/shop")
            repeat {
                #expect(
                    try await daemon.run("status", "good").output.contains("m ago"), "what is known is fresh enough")
                // Not more often than this may anybody force a read.
            } while readAt.duration(to: .now) < .milliseconds(100)
            #expect(try await daemon.run("status", "good", "--fresh").output.contains("Last push just now"))
        }

        @Test("projects, health and cache answer in words and in JSON")
        func overview() async throws {
            let daemon = try await startDaemon()
            _ = try await daemon.run("status")
            let projects = try await daemon.run("projects")
            #expect(projects.ending == .exited(0))
            let names = projects.output.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first }
            #expect(names == ["good", "none", "quiet", "refused"], "\(projects.output)")
            let health = try await daemon.run("health")
            #expect(health.ending == .exited(0))
            #expect(health.output.contains("telltaled") && health.output.contains("github"), "\(health.output)")
            for arguments in [["projects", "--json"], ["health", "--json"], ["cache", "--json"]] {
                let end = try await daemon.run(arguments[0], arguments[1])
                #expect(end.ending == .exited(0))
                #expect(end.output.last == "\n" && "[{".contains(end.output.prefix(1)), "\(end.output)")
                #expect(throws: Never.self) { try JSONDecoder().decode(AnyJSON.self, from: Data(end.outputBytes)) }
            }
        }

        @Test("watch --json writes one object a line, as things happen, until it is interrupted")
        func watch() async throws {
            let daemon = try await stage.startDaemon(refresh: Refresh.eagerly)
            _ = try await daemon.run("status", "shop")
            let watch = try daemon.launch("watch", "shop", "--json")
            try await watch.wait(for: "a snapshot") { $0.output.contains("\n{\"snapshot\":") }
            try await stage.simulator.push("acme/shop")
            try await watch.wait(for: "the push") { $0.output.contains("\"github:push\"") && $0.output.hasSuffix("\n") }
            watch.send(SIGINT)
            let end = try await watch.finish()
            #expect(end.errors.isEmpty, "\(end.errors)")
            let lines = end.output.split(separator: "\n")
            #expect(lines.count >= 3)
            for line in lines {
                let object = try JSONDecoder().decode([String: AnyJSON].self, from: Data(line.utf8))
                #expect(object.count == 1, "\(line)")
            }
        }

        @Test("a daemon that cannot be reached is 69, with a sentence that says what to do")
        func unreachable() async throws {
            let path = "\(try TemporaryDirectory().path)/telltale.sock"
            for command in ["status", "projects", "health"] {
                let end = try await ProgramProcess(.telltale, [command, "--socket", path]).finish()
                #expect(end.ending == .exited(EX_UNAVAILABLE))
                #expect(end.output.isEmpty)
                #expect(end.errors.contains(path) && end.errors.contains("telltaled"), "\(end.errors)")
                #expect(end.errors.split(separator: "\n").count == 1)
            }
        }

        @Test("an unknown project, a wrong name and a wrong option each say what would be right")
        func mistakes() async throws {
            let daemon = try await stage.startDaemon()
            let unknown = try await daemon.run("status", "shpo")
            #expect(unknown.ending == .exited(EX_NOINPUT))
            #expect(unknown.errors.contains("There is no project shpo"), "\(unknown.errors)")
            #expect(try await daemon.run("status", "no name").ending == .exited(EX_USAGE))
            let option = try await daemon.run("status", "--jsno")
            #expect(option.ending == .exited(EX_USAGE))
            #expect(option.errors.contains("--json"), "\(option.errors)")
        }

        private static let decoder: JSONDecoder = {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return decoder
        }()
    }
}

/// Any well-formed JSON.
private struct AnyJSON: Decodable {
    init(from decoder: any Decoder) throws {}
}

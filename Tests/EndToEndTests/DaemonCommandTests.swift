import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The command line of telltaled", .timeLimit(.minutes(2)))
    struct DaemonCommandTests {
        @Test("--check-config names every mistake with file, line and path")
        func mistakes() async throws {
            let directory = try TemporaryDirectory()
            let config = try directory.write(
                """
                {
                  refresh: { ttl: "15 parsecs" },
                  log: { levle: "debug" },
                  projects: {
                    shop: {
                      github: { repo: "https://github.com/acme/shop", credential: "ghp_1234567890" },
                    },
                  },
                }
                """, to: "telltale.json5")
            let end = try await ProgramProcess(.telltaled, ["--check-config", "--config", config]).finish()
            #expect(end.ending == .exited(EX_CONFIG))
            let lines = end.errors.split(separator: "\n")
            for (line, path) in [
                (2, "refresh.ttl"), (3, "log.levle"), (6, "projects.shop.github.repo"),
                (6, "projects.shop.github.credential"),
            ] {
                let place = "\(config):\(line): \(path): "
                #expect(lines.contains { $0.contains(place) && !$0.hasSuffix(place) }, "\(place) in:\n\(end.errors)")
            }
            #expect(end.errors.contains(#"did you mean "level"?"#))
            #expect(!end.errors.contains("ghp_1234567890"), "a secret in the wrong place is not repeated")
            #expect(end.output.isEmpty)
        }

        @Test("--check-config of what is no JSON5 names the place")
        func syntax() async throws {
            let directory = try TemporaryDirectory()
            let config = try directory.write("{\n  log: {\n", to: "telltale.json5")
            let end = try await ProgramProcess(.telltaled, ["--check-config", "--config", config]).finish()
            #expect(end.ending == .exited(EX_CONFIG))
            #expect(end.errors.contains("\(config):3: column "))
        }

        @Test("--check-config of a sound one says so")
        func sound() async throws {
            let directory = try TemporaryDirectory()
            let config = try directory.write(
                #"{ projects: { shop: { github: { repo: "acme/shop", credential: "env:TOKEN" } } } }"#,
                to: "telltale.json5"
            )
            let end = try await ProgramProcess(.telltaled, ["--check-config", "--config", config]).finish()
            #expect(end.ending == .exited(0))
            #expect(end.output == "The configuration is sound: 1 project.\n")
        }

        @Test(
            "a daemon does not start with a configuration that is missing or wrong", arguments: ["", "{ projects: 1 }"])
        func refusal(text: String) async throws {
            let directory = try TemporaryDirectory()
            let config = "\(directory.path)/telltale.json5"
            if !text.isEmpty { try directory.write(text, to: "telltale.json5") }
            let end = try await ProgramProcess(
                .telltaled,
                [
                    "--config", config, "--socket", "\(directory.path)/telltale.sock",
                    "--store", "\(directory.path)/telltale.db",
                ]
            ).finish()
            #expect(end.ending == .exited(EX_CONFIG))
            #expect(end.errors.contains(config))
            #expect(access("\(directory.path)/telltale.sock", F_OK) != 0)
        }

        @Test(
            "what is asked for is written to standard output",
            arguments: [("--help", "Usage: "), ("--version", "telltaled ")])
        func information(option: String, text: String) async throws {
            for program in [Program.telltaled, .telltale] {
                let end = try await ProgramProcess(program, [option]).finish()
                #expect(end.ending == .exited(0))
                #expect(end.output.contains(text.replacing("telltaled", with: program.rawValue)), "\(end.output)")
                #expect(end.errors.isEmpty)
            }
        }

        @Test(
            "a wrong command line is 64, and says where help is", arguments: [["--verbose"], ["--config"], ["serve"]])
        func usage(arguments: [String]) async throws {
            let end = try await ProgramProcess(.telltaled, arguments).finish()
            #expect(end.ending == .exited(EX_USAGE))
            #expect(end.errors.contains("telltaled --help"))
            #expect(end.output.isEmpty)
        }
    }
}

import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("A project's commands")
struct CommandsSectionTests {
    private func text(_ actions: String) -> String {
        "{ projects: { shop: { services: { worker: { url: 'https://w.example.com' } }, actions: \(actions) } } }"
    }

    private func command(_ key: String, _ action: IntegrationAction, _ actions: String) throws -> CommandDefinition? {
        let project = try #require(ProjectID("shop"))
        let item = ItemReference(project: project, key: try #require(ItemKey(key)))
        return try parse(text(actions)).commands[item, action]
    }

    @Test("every key is read")
    func full() throws {
        let actions = """
            {
                github: {
                    push: {
                        command: ["/usr/local/bin/push", "--fast", ""], timeout: "45m",
                        environment: { HOME: "/var/lib/telltale", _x1: "" }, secrets: { TOKEN: "file:/etc/token" },
                    },
                },
                "service:worker": { "run-diagnostics": { command: ["/bin/true"] } },
            }
            """
        var push = CommandDefinition(path: "/usr/local/bin/push", arguments: ["--fast", ""])
        push.timeout = .seconds(2_700)
        push.environment = ["HOME": "/var/lib/telltale", "_x1": ""]
        push.secrets = ["TOKEN": .file(path: "/etc/token")]
        #expect(try command("github", .push, actions) == push)
        #expect(try command("service:worker", .runDiagnostics, actions) == CommandDefinition(path: "/bin/true"))
        #expect(try command("github", .pull, actions) == nil)
        #expect(try command("service:worker", .wake, actions) == nil)
    }

    @Test(
        "a provider that is not linked yet may have commands, and each provider's actions but those on links are its own"
    )
    func keys() throws {
        let command = "{ command: ['/bin/true'] }"
        for provider in ProviderKey.allCases {
            for action in IntegrationAction.allCases {
                let isOwn =
                    IntegrationAction.all(for: .provider(provider)).contains(action)
                    && ![.connect, .disconnect, .reconnect].contains(action)
                let complaints = complaints(text("{ \(provider): { '\(action.rawValue)': \(command) } }"))
                #expect(complaints.isEmpty == isOwn, "\(provider) \(action)")
            }
        }
    }

    @Test(
        "a mistake is named with what to write instead",
        arguments: [
            ("{ githup: {} }", "actions.githup: is no item of this project", "did you mean \"github\""),
            ("{ 'service:werker': {} }", "is no item of this project", "did you mean \"service:worker\""),
            ("{ github: { pusch: {} } }", "unknown key", "did you mean \"push\""),
            ("{ github: { connect: {} } }", "unknown key", "push"),
            ("{ github: { push: {} } }", "actions.github.push: command is missing", "/usr/local/bin"),
            ("{ github: { push: { command: '/bin/true' } } }", "push.command: expected a list", "1 to 32"),
            ("{ github: { push: { command: [] } } }", "expected a list", "1 to 32"),
            ("{ github: { push: { command: ['true'] } } }", "command[0]: expected the absolute path", "no shell"),
            ("{ github: { push: { command: ['/bin/'] } } }", "expected the absolute path", "no shell"),
            ("{ github: { push: { command: ['/bin/true', 7] } } }", "command[1]: expected a text", "4 KiB"),
            ("{ github: { push: { command: ['/b'], timeout: '46m' } } }", "push.timeout", "outside 1s … 45m"),
            ("{ github: { push: { command: ['/b'], timeout: 60 } } }", "push.timeout", "needs its unit"),
            ("{ github: { push: { command: ['/b'], environment: { 'A=B': '' } } } }", "no name of a variable", "A=B"),
            ("{ github: { push: { command: ['/b'], environment: { '1': '' } } } }", "no name of a variable", "digit"),
            (
                "{ github: { push: { command: ['/b'], secrets: { A: 'ghp_x' } } } }", "secrets.A",
                "never the secret itself"
            ),
            ("{ github: { push: { command: ['/b'], secrets: { A: 'oauth:x' } } } }", "secrets.A", "no entry"),
            (
                "{ github: { push: { command: ['/b'], environment: { A: '' }, secrets: { A: 'env:A' } } } }",
                "secrets.A", "keep one of them"
            ),
        ])
    func mistakes(actions: String, place: String, words: String) throws {
        let complaint = try #require(complaints(text(actions)).first)
        #expect(complaint.contains(place), "\(complaint)")
        #expect(complaint.contains(words), "\(complaint)")
        #expect(!complaint.contains("ghp_"))
    }

    @Test("there are bounds for words and variables")
    func bounds() {
        func isAccepted(words: Int, bytes: Int = 1, plain: Int = 0, secret: Int = 0) -> Bool {
            let arguments = (1..<words).map { _ in "'\(String(repeating: "x", count: bytes))'" }
            let variables = (0..<plain).map { "A\($0): ''" }.joined(separator: ",")
            let secrets = (0..<secret).map { "B\($0): 'env:X'" }.joined(separator: ",")
            let command = (["'/b'"] + arguments).joined(separator: ",")
            let push = "{ command: [\(command)], environment: {\(variables)}, secrets: {\(secrets)} }"
            return complaints(text("{ github: { push: \(push) } }")).isEmpty
        }
        #expect(isAccepted(words: 32))
        #expect(!isAccepted(words: 33))
        #expect(isAccepted(words: 2, bytes: 4_096))
        #expect(!isAccepted(words: 2, bytes: 4_097))
        #expect(isAccepted(words: 1, plain: 16, secret: 16))
        #expect(!isAccepted(words: 1, plain: 16, secret: 17))
    }
}

@Suite("The section actions")
struct ActionsConfigurationTests {
    @Test(
        "a mistake is named with what to write instead",
        arguments: [
            ("perMinute: 0", "1 … 1000"), ("credentials: 'env:X'", "expected a list"),
            ("credentials: ['ghp_secret']", "value 1 write where the secret is found"),
            ("credentials: ['env:X', 'file:/a/../*']", "value 2 is no directory"),
            ("credentials: ['file:etc/*']", "is no directory"), ("credentials: ['file:/a//*']", "is no directory"),
            ("credentials: ['env:X', 'env:X']", "twice"), ("credentials: [7]", "must be a string"),
            ("credentials: ['oauth:none']", "actions.credentials[0]: there is no entry"),
            ("apis: ['http://example.com']", "must be https://"),
        ])
    func mistakes(section: String, words: String) throws {
        let complaint = try #require(complaints("{ actions: { \(section) } }").first)
        #expect(complaint.contains(words), "\(complaint)")
        #expect(!complaint.contains("ghp_"))
    }

    @Test("a list has a bound")
    func bound() {
        func list(_ count: Int) -> String { (0..<count).map { "'env:X\($0)'" }.joined(separator: ",") }
        #expect(complaints("{ actions: { credentials: [\(list(64))] } }").isEmpty)
        #expect(!complaints("{ actions: { credentials: [\(list(65))] } }").isEmpty)
    }
}

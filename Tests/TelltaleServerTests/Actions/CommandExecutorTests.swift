import FoundationEssentials
import LinuxSystem
import StatusCore
import StatusModel
import TelltaleServer
import TestSupport
import Testing

@Suite("An action by a local command", .timeLimit(.minutes(2)))
struct CommandExecutorTests {
    private let scene: CommandScene

    init() throws { scene = try CommandScene() }

    @Test("is planned as one that cannot be taken back, and runs nothing for it")
    func plan() throws {
        let executor = scene.executor("touch \(scene.directory.path)/run")
        let plan = try executor.plan(scene.call())
        #expect(plan == ActionPlan(OperationWords("Runs /bin/sh", generic: "Runs a local command"), isSending: true))
        #expect(throws: ActionFailure.self) { try executor.plan(scene.call(payload: "[1]")) }
        #expect(!FileManager.default.fileExists(atPath: "\(scene.directory.path)/run"))
    }

    @Test("is known by its path and arguments: another of either is another command")
    func carrier() {
        func carrier(_ path: String, _ arguments: [String]) -> OperationCarrier {
            CommandExecutor(
                definition: CommandDefinition(path: path, arguments: arguments), runner: ChildRunner(),
                credentials: scene.credentials
            ).carrier
        }
        #expect(carrier("/bin/a", ["b", "c"]) == carrier("/bin/a", ["b", "c"]))
        let carriers = [
            carrier("/bin/a", []), carrier("/bin/a", ["b"]), carrier("/bin/b", []), carrier("/bin/a", ["b", "c"]),
            carrier("/bin/a", ["bc"]), carrier("/bin/a", ["b1:c"]), carrier("/bin/a", ["c", "b"]),
        ]
        #expect(Set(carriers).count == carriers.count && !carriers.contains(.builtIn))
    }

    @Test("hears what is to be done, with the payload as it came and nothing secret")
    func message() async throws {
        let payload = #"{ "ref": "main", "n": 10000000000000000001.50 }"#
        let result = try await scene.run("cat", scene.call(payload: payload))
        #expect(
            String(decoding: result.json, as: UTF8.self) == """
                {"action":"push","key":"github","link":{"api":"https://api.github.com","provider":"github",\
                "repo":"acme/shop"},"operation":"op-1","project":"shop","requested_by":"ada","payload":\(payload)}
                """)
    }

    @Test("hears of no link where there is none, and of an empty payload where there is none")
    func leastMessage() async throws {
        var call = scene.call()
        call.link = nil
        call.item.key = .service("worker")
        call.action = .wake
        let result = try await scene.run("cat", call)
        #expect(
            String(decoding: result.json, as: UTF8.self) == """
                {"action":"wake","key":"service:worker","operation":"op-1","project":"shop","requested_by":"ada",\
                "payload":{}}
                """)
    }

    @Test("gets the variables and the secrets of its definition, and no others")
    func environment() async throws {
        var definition = CommandDefinition(path: "/bin/sh")
        definition.environment = ["HOME": "/tmp"]
        definition.secrets = ["TOKEN": .environment(name: "REAL")]
        let script =
            #"[ "$TOKEN" = s3cret ] && printf '{"count":%s,"home":"%s"}' $(env | wc -l) $HOME"#
        let result = try await scene.run(script, definition: definition)
        // The shell adds PWD of its own, and what it runs has these.
        #expect(String(decoding: result.json, as: UTF8.self) == #"{"count":3,"home":"/tmp"}"#)
    }

    @Test("what it writes is not told on where it holds a secret that it was given")
    func secretWritten() async throws {
        var definition = CommandDefinition(path: "/bin/sh")
        definition.secrets = ["TOKEN": .environment(name: "REAL")]
        let result = try await scene.run(#"echo "{\"summary\":\"used $TOKEN\"}""#, definition: definition)
        #expect(result.json.isEmpty)
        #expect(
            result.words.full == "/bin/sh has run. What it wrote holds a secret that it was given, and was dropped.")
        let failure = await scene.failure("echo why >&2; echo bad $TOKEN >&2; exit 1", definition: definition)
        #expect(failure?.message.full == "/bin/sh failed (exit 1): why")
    }

    @Test("is not run where a secret of it cannot be read")
    func missingSecret() async throws {
        var definition = CommandDefinition(path: "/bin/sh")
        definition.secrets = ["TOKEN": .environment(name: "NONE")]
        let failure = await scene.failure("touch \(scene.directory.path)/run", definition: definition)
        #expect(failure?.reason == "COMMAND_SECRET_MISSING")
        #expect(failure?.isOutcomeUnknown == false)
        #expect(failure?.message.generic.contains("NONE") == false)
        #expect(!FileManager.default.fileExists(atPath: "\(scene.directory.path)/run"))
    }

    @Test("gives its object as the result, and its summary as the words")
    func result() async throws {
        let result = try await scene.run(#"echo ' {"summary":"Pushed\u0007 3 commits","n":3} '"#)
        #expect(
            result
                == ActionResult(
                    OperationWords("Pushed 3 commits", generic: "A local command has run."),
                    json: Array(#"{"summary":"Pushed\u0007 3 commits","n":3}"#.utf8)))
    }

    @Test(
        "has run when it exits with 0, whatever it wrote",
        arguments: [
            ("true", false), ("echo done", true), ("echo '[1]'", true), (#"echo '{"a":1,"a":2}'"#, true),
            (#"printf '{"x":"%16384s"}' x"#, true), ("head -c 100000 /dev/zero", true),
            (#"echo '{"summary":7}'"#, false),
        ])
    func plainOutput(script: String, isDropped: Bool) async throws {
        let result = try await scene.run(script)
        #expect(result.words.full.hasPrefix("/bin/sh has run."))
        #expect(result.words.full.contains("was dropped") == isDropped)
        #expect(result.words.generic == "A local command has run.")
        #expect(result.json.isEmpty == (isDropped || script == "true"))
    }

    @Test("the same words are given to nobody but those who may know the program")
    func generic() async throws {
        let failure = try #require(await scene.failure("echo acme/shop at https://x >&2; exit 1"))
        #expect(failure.message.full == "/bin/sh failed (exit 1): acme/shop at https://x")
        #expect(failure.message.generic == "A local command failed (exit 1).")
    }

    @Test("a program in the place of an action counts from the configuration's reload on")
    func reload() throws {
        var table = CommandTable()
        let item = scene.call().item
        table[item, .push] = CommandDefinition(path: "/bin/true")
        let executors = CommandExecutors(table, credentials: scene.credentials)
        #expect(executors.executor(for: item, .push) != nil)
        #expect(executors.executor(for: item, .pull) == nil)
        #expect(executors.timeLimit(for: item, .push) == .seconds(63))
        #expect(executors.timeLimit(for: item, .pull) == nil)
        executors.redefine(CommandTable())
        #expect(executors.executor(for: item, .push) == nil)
    }
}

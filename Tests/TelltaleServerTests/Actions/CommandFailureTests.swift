import LinuxSystem
import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("A local command that fails", .timeLimit(.minutes(2)))
struct CommandFailureTests {
    private let scene: CommandScene

    init() throws { scene = try CommandScene() }

    @Test(
        "has failed with its code and the last line of its errors",
        arguments: [
            ("exit 1", ActionFailure.Code.unknown, "COMMAND_FAILED", "/bin/sh failed (exit 1)."),
            ("exit 75", .unavailable, "COMMAND_UNAVAILABLE", "/bin/sh asks to be run again later (exit 75)."),
            ("echo a >&2; echo b >&2; echo >&2; exit 2", .unknown, "COMMAND_FAILED", "/bin/sh failed (exit 2): b"),
            (
                #"printf 'a\033[31m\302\205b\r\n' >&2; exit 2"#, .unknown, "COMMAND_FAILED",
                "/bin/sh failed (exit 2): a[31mb"
            ),
            (#"printf '\377' >&2; exit 2"#, .unknown, "COMMAND_FAILED", "/bin/sh failed (exit 2): \u{FFFD}"),
        ])
    func codes(script: String, code: ActionFailure.Code, reason: String, words: String) async throws {
        let failure = try #require(await scene.failure(script))
        #expect(failure.code == code)
        #expect(failure.reason == reason)
        #expect(failure.message.full == words)
        #expect(!failure.isOutcomeUnknown)
    }

    @Test("a line of its errors has a bound")
    func longLine() async throws {
        let failure = try #require(await scene.failure("head -c 8000 /dev/zero | tr '\\0' x >&2; exit 1"))
        #expect(failure.message.full == "/bin/sh failed (exit 1): \(String(repeating: "x", count: 256))…")
    }

    @Test(
        "has an unknown outcome when it was ended or died, and says where to look",
        arguments: [
            ("exec sleep 60", 1, ActionFailure.Code.deadlineExceeded, "COMMAND_TIMEOUT"),
            ("trap 'exit 0' TERM; while :; do sleep 0.02; done", 1, .deadlineExceeded, "COMMAND_TIMEOUT"),
            ("exec cat /dev/zero", 60, .resourceExhausted, "COMMAND_FLOOD"),
            ("kill -9 $$", 60, .unknown, "COMMAND_DIED"),
        ])
    func unknown(script: String, seconds: Int, code: ActionFailure.Code, reason: String) async throws {
        let failure = try #require(await scene.failure(script, call: scene.call(within: .seconds(seconds))))
        #expect(failure.code == code)
        #expect(failure.reason == reason)
        #expect(failure.isOutcomeUnknown)
        #expect(failure.message.generic.contains("Look at what it works on before you run it again"))
    }

    @Test("has an unknown outcome when its operation is cancelled")
    func cancelled() async throws {
        let run = Task { await scene.failure("exec sleep 60") }
        run.cancel()
        let failure = try #require(await run.value)
        #expect(failure.reason == "COMMAND_CANCELLED")
        #expect(failure.isOutcomeUnknown)
    }

    @Test("was not run where no time is left for it")
    func tooLate() async throws {
        let failure = try #require(await scene.failure("exit 0", call: scene.call(within: .zero)))
        #expect(failure.reason == "COMMAND_TOO_LATE")
        #expect(!failure.isOutcomeUnknown)
    }

    @Test(
        "was not run where it is not there or no program, and says what to do",
        arguments: [
            ("/nonexistent", "is not there"), ("/etc/passwd", "may not execute it"), ("/", "may not execute it"),
        ])
    func notStarted(path: String, words: String) async throws {
        let executor = CommandExecutor(
            definition: CommandDefinition(path: path), runner: ChildRunner(), credentials: scene.credentials)
        let call = scene.call()
        let failure = try #require(await #expect(throws: ActionFailure.self) { try await executor.perform(call) })
        #expect(failure.reason == "COMMAND_NOT_STARTED")
        #expect(failure.message.full.contains("was not run"))
        #expect(failure.message.full.contains(words))
        #expect(!failure.message.generic.contains(path + " "))
        #expect(!failure.isOutcomeUnknown)
    }

    @Test("was not run where as many run as may")
    func busy() async throws {
        let executor = CommandExecutor(
            definition: CommandDefinition(path: "/bin/true"), runner: ChildRunner(childrenMax: 0),
            credentials: scene.credentials)
        let call = scene.call()
        let failure = try #require(await #expect(throws: ActionFailure.self) { try await executor.perform(call) })
        #expect(failure.code == .resourceExhausted)
        #expect(failure.reason == "COMMANDS_BUSY")
        #expect(!failure.isOutcomeUnknown)
    }
}

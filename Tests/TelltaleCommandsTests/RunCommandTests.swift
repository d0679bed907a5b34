import ClientTestSupport
import LinuxSystem
import Locks
import StatusCore
import StatusModel
import StatusWire
import Synchronization
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("telltale run", .timeLimit(.minutes(1)))
struct RunCommandTests {
    private static let key = "0a4faacc-1f6e-4b0c-9d52-3c5a1e7d2b88"

    private func run(
        _ line: String, _ daemon: FakeDaemon? = nil, console: RecordingConsole = RecordingConsole()
    ) async -> (exitCode: ExitCode, output: String, errors: String) {
        let exitCode = await TelltaleProgram.run(
            ["run"] + line.split(separator: " ").map(String.init),
            environment: ["TELLTALE_SOCKET": daemon?.socketPath ?? "/tmp/telltale-nowhere.sock"], console: console,
            clock: CommandClock(wall: { Sample.now }, waiting: .system))
        return (exitCode, console.output, console.errors)
    }

    /// A daemon that records what it is asked and answers with one state after the other.
    private func behaviour(
        _ states: [OperationState] = [.pending], isReplayed: Bool = false, error: OperationError? = nil,
        noting requests: Requests = Requests()
    ) -> FakeDaemon.Behaviour {
        var behaviour = FakeDaemon.Behaviour()
        let made = { @Sendable (index: Int) in try Sample.operation(states[index], version: index + 1, error: error) }
        behaviour.action = { request in
            requests.append(request)
            return Result { OperationReceipt(operation: try made(0), isReplayed: isReplayed) }.unexpected
        }
        behaviour.operation = { query in
            Result { try made(min(Int(query.knownVersion), states.count - 1)) }.unexpected
        }
        return behaviour
    }

    @Test("an action is asked for under a key of its own, and recorded is well")
    func recorded() async throws {
        let requests = Requests()
        try await withDaemon(behaviour(noting: requests)) { daemon in
            let first = await run("shop vercel deploy-production --user ada --role admin", daemon)
            #expect(first.exitCode == .ok)
            _ = await run("shop vercel deploy-production", daemon)
            let keys = requests.all.map(\.idempotencyKey)
            #expect(Set(keys).count == 2)
            #expect(requests.all.map(\.isAfterLoss) == [true, true], "nothing ran under a key that was made just now")
            #expect(
                first.output
                    == "deploy-production of shop/vercel is recorded as op-1, under the key \(keys[0]).\n")
            #expect(daemon.calls.all.first == CallLog.Call(method: "RunAction", user: "ada", role: "admin"))
        }
    }

    @Test(
        "the payload stands on the line, in a file or on standard input", arguments: ["{\"a\":1}", "@file.json", "-"])
    func payload(argument: String) async throws {
        let requests = Requests()
        let text = Array("{\"a\":1}".utf8)
        try await withDaemon(behaviour(noting: requests)) { daemon in
            let console = RecordingConsole(input: text, files: ["file.json": text])
            let line = "shop service:worker wake --key \(Self.key.uppercased()) --dry-run --payload"
            #expect(await run("\(line) \(argument)", daemon, console: console).exitCode == .ok)
        }
        let expected = ActionRequest(
            projectID: try Sample.project(), key: .service("worker"), action: "wake", payload: text,
            idempotencyKey: Self.key, isDryRun: true)
        #expect(requests.all == [expected])
    }

    @Test(
        "with --wait each move is a line, and the exit code is the outcome's",
        arguments: [(OperationState.succeeded, ExitCode.ok), (.failed, .failed), (.unknownOutcome, .temporaryFailure)])
    func waiting(end: OperationState, exitCode: ExitCode) async throws {
        let error =
            end == .succeeded ? nil : OperationError(code: 9, reason: "BUILD_FAILED", message: "Look at the log.")
        try await withDaemon(behaviour([.pending, .running, end], error: error)) { daemon in
            let result = await run("shop vercel deploy-production --key \(Self.key) --wait", daemon)
            #expect(result.exitCode == exitCode)
            let marks = result.output.split(separator: "\n").compactMap { line in
                line.contains("deploy-production of shop/vercel: Deploys") ? line.first : nil
            }
            #expect(marks == ["○", "◌", end == .succeeded ? "●" : end == .failed ? "✖" : "▲"])
            #expect(result.output.contains("Look at the log.") == (error != nil))
            #expect(result.output.contains("It is never begun again by itself.") == (end == .unknownOutcome))
            #expect(result.errors.contains("`telltale operation op-1 --wait` looks at it again."))
        }
    }

    @Test("on a terminal one line is drawn over the one before")
    func live() async throws {
        try await withDaemon(behaviour([.pending, .running, .succeeded])) { daemon in
            let console = RecordingConsole(terminalSize: StandardStream.TerminalSize(columns: 40, rows: 24))
            let result = await run("shop vercel deploy-production --wait --no-color", daemon, console: console)
            #expect(result.exitCode == .ok)
            #expect(result.output.split(separator: "\u{1B}[1A").count == 3)
            #expect(result.output.contains("● succeeded  deploy-production of shop/…"))
        }
    }

    @Test("JSON is one object, with what the operation gave and the key")
    func json() async throws {
        try await withDaemon(behaviour([.pending, .succeeded])) { daemon in
            let result = await run("shop vercel deploy-production --key \(Self.key) --wait --json", daemon)
            #expect(result.output.filter { $0 == "\n" }.count == 1)
            guard case .object(let object) = JSONValue(reading: Array(result.output.utf8)),
                case .object(let operation) = object["operation"]
            else {
                Issue.record("\(result.output)")
                return
            }
            #expect(object["idempotency_key"] == .text(Self.key))
            #expect(object["replayed"] == .bool(false))
            #expect(operation["state"] == .text("succeeded"))
            #expect(operation["result"] == .object(["url": .text("https://shop.example"), "seconds": .number(1.5)]))
        }
    }

    @Test("a key that was known begins nothing, and says how its operation ended")
    func replayed() async throws {
        let error = OperationError(code: 9, reason: "BUILD_FAILED", message: "Look at the log.")
        try await withDaemon(behaviour([.failed], isReplayed: true, error: error)) { daemon in
            let result = await run("shop vercel deploy-production --key \(Self.key)", daemon)
            #expect(result.exitCode == .failed)
            #expect(
                result.output.hasPrefix(
                    "The key \(Self.key) stands for op-1, recorded 2m ago; nothing was begun again.\n"))
            #expect(result.output.contains("Look at the log. (BUILD_FAILED)"))
        }
    }

    @Test(
        "a refusal says what to do next",
        arguments: [
            (14, "STORE_UNAVAILABLE", ExitCode.temporaryFailure, "Run it again with --key \(key)"),
            (9, "KEY_REUSED", .usage, "`telltale operation op-7` shows for what."),
            (9, "KEYS_LOST", .failed, "Here that is --after-loss"),
            (9, "ACTION_UNAVAILABLE", .failed, "No."),
            (8, "RATE_LIMITED", .temporaryFailure, "Try again in 12s."),
            (3, "ACTION_UNKNOWN", .usage, "`telltale run --help` lists the actions."),
            (7, "ACTION_DENIED", .noPermission, "No."),
        ])
    func refused(code: Int32, reason: String, exitCode: ExitCode, words: String) async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.action = { _ in
            .failure(
                ErrorStatus(
                    code: code, message: "No.", reason: reason, metadata: ["operation_id": "op-7"],
                    retryAfter: code == 8 ? .milliseconds(11_200) : nil))
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run("shop vercel deploy-production --key \(Self.key)", daemon)
            #expect(result.exitCode == exitCode)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }

    @Test("a key that was given is vouched for only by whoever says so", arguments: [true, false])
    func afterLoss(isVouchedFor: Bool) async throws {
        let requests = Requests()
        try await withDaemon(behaviour(noting: requests)) { daemon in
            let more = isVouchedFor ? " --after-loss" : ""
            _ = await run("shop vercel deploy-production --key \(Self.key)\(more)", daemon)
            #expect(requests.all.map(\.isAfterLoss) == [isVouchedFor])
        }
    }

    @Test("every action is in the help")
    func help() async {
        let help = await run("--help").output
        for action in IntegrationAction.allCases { #expect(help.contains(action.rawValue)) }
        #expect(help.contains("  service:NAME: wake, run-diagnostics, run-smoke-tests\n"))
        // What a dry run is refused for, and what each payload may have, no flag's own line has room for.
        #expect(help.contains("\n--dry-run says what would be done, or fails as the command itself would."))
        #expect(help.contains("\n  push: event_type and client_payload, or workflow with ref and inputs\n"))
    }

    @Test(
        "what is no wish is told before a daemon is asked",
        arguments: [
            ("shop vercel", "PROJECT PROVIDER ACTION"), ("shop gitlab push", "is no item"),
            ("shop vercel deploy --key 7", "a UUID"), ("shop vercel deploy --payload [1]", "one JSON object"),
            ("shop vercel deploy --payload {", "one JSON object"), ("shop vercel deploy --payload @none", "none"),
            ("shop vercel " + String(repeating: "a", count: 65), "1 to 64 bytes"),
        ])
    func usage(_ line: String, _ words: String) async {
        let result = await run(line)
        #expect(result.exitCode == (words == "none" ? .noInput : .usage))
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}

/// What a daemon was asked to run.
private final class Requests: Sendable {
    private let requests = Lock<[ActionRequest]>([])

    var all: [ActionRequest] { requests.withLock { $0 } }

    func append(_ request: ActionRequest) { requests.withLock { $0.append(request) } }
}

extension Result where Failure == any Error {
    /// A sample that cannot be made is told of by the answer.
    fileprivate var unexpected: Result<Success, ErrorStatus> {
        mapError { ErrorStatus(code: 13, message: "\($0)") }
    }
}

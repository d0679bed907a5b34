import ClientTestSupport
import StatusModel
import StatusWire
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("telltale report", .timeLimit(.minutes(1)))
struct ReportCommandTests {
    private func run(
        _ line: String, _ daemon: FakeDaemon? = nil
    ) async -> (exitCode: ExitCode, output: String, errors: String) {
        let console = RecordingConsole()
        let exitCode = await TelltaleProgram.run(
            ["report"] + line.split(separator: " ").map(String.init),
            environment: ["TELLTALE_SOCKET": daemon?.socketPath ?? "/tmp/telltale-nowhere.sock"], console: console,
            clock: CommandClock(wall: { Sample.now }, waiting: .system))
        return (exitCode, console.output, console.errors)
    }

    private func behaviour(_ receipt: RunReceipt, for report: RunReport) -> FakeDaemon.Behaviour {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.run = { $0 == report ? .success(receipt) : .failure(ErrorStatus(code: 13, message: "\($0)")) }
        return behaviour
    }

    private static let event = EventID(epoch: 7, sequence: 12)

    @Test("results are named by their items, with what they took")
    func results() async throws {
        let report = RunReport(
            projectID: try Sample.project(), kind: .smokeTests,
            results: [
                RunResult(name: "github", key: .provider(.github), passed: true, latency: .milliseconds(120)),
                RunResult(name: "service:worker:8080", key: .service("worker:8080"), passed: false),
                RunResult(name: "project", passed: true, latency: .seconds(1.5)),
            ], runID: "ci-1")
        let line =
            "--run-id ci-1 --result github=passed:120ms --result service:worker:8080=failed"
            + " --result=project=passed:1.5s"
        try await withDaemon(behaviour(RunReceipt(event: Self.event), for: report)) { daemon in
            for kind in ["smoke_tests", "smoke-tests"] {
                let result = await run("shop \(kind) \(line)", daemon)
                #expect(result.output == "The run of shop is kept as event 7:12.\n", "\(result.errors)")
                #expect(result.exitCode == .ok)
            }
            let json = await run("shop smoke_tests \(line) --json", daemon)
            #expect(json.output == "{\"duplicate\":false,\"event\":\"7:12\"}\n")
        }
    }

    @Test("a run that was reported before is said to be, and all is well")
    func duplicate() async throws {
        let report = RunReport(
            projectID: try Sample.project(), kind: .diagnostics, results: [RunResult(name: "project", passed: true)],
            runID: "ci-1")
        try await withDaemon(behaviour(RunReceipt(event: Self.event, isDuplicate: true), for: report)) { daemon in
            let result = await run("shop diagnostics --run-id ci-1 --result project=passed", daemon)
            #expect(
                result.output == "The run ci-1 of shop was reported before as event 7:12; nothing was done again.\n")
            #expect(result.exitCode == .ok)
        }
    }

    @Test("a daemon that cannot keep the run is no success")
    func refused() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.run = { _ in .failure(ErrorStatus(code: 14, message: "The disk is full.", retryAfter: .seconds(5))) }
        try await withDaemon(behaviour) { daemon in
            let result = await run("shop diagnostics --result project=passed", daemon)
            #expect(result.exitCode == .unavailable)
            #expect(result.errors == "telltale: The disk is full. Try again in 5s.\n")
        }
    }

    @Test(
        "what is no report is told before a daemon is asked",
        arguments: [
            ("shop", "PROJECT KIND"), ("shop lunch", "diagnostics or smoke_tests"),
            ("shop diagnostics", "add --result"),
            ("shop diagnostics --result github", "KEY=passed"),
            ("shop diagnostics --result gitlab=passed", "KEY=passed"),
            ("shop diagnostics --result github=great", "KEY=passed"),
            ("shop diagnostics --result github=passed:fast", "KEY=passed"),
            ("shop diagnostics --result github=passed:25h", "KEY=passed"),
            ("shop diagnostics --result github=failed:", "KEY=passed"),
            ("shop diagnostics --run-id=", "1 to 128 printable"),
            ("shop diagnostics --run-id=ü", "1 to 128 printable"),
            ("shop diagnostics" + String(repeating: " --result github=passed", count: 257), "at most 256 results"),
        ])
    func usage(_ line: String, _ words: String) async {
        let result = await run(line)
        #expect(result.exitCode == .usage)
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}

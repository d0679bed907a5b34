import ClientTestSupport
import StatusModel
import StatusWire
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("telltale webhook", .timeLimit(.minutes(1)))
struct WebhookCommandTests {
    private func run(
        _ arguments: [String], input: String = "", _ daemon: FakeDaemon? = nil
    ) async -> (exitCode: ExitCode, output: String, errors: String) {
        let console = RecordingConsole(input: Array(input.utf8))
        let exitCode = await TelltaleProgram.run(
            ["webhook"] + arguments,
            environment: ["TELLTALE_SOCKET": daemon?.socketPath ?? "/tmp/telltale-nowhere.sock"], console: console,
            clock: CommandClock(wall: { Sample.now }, waiting: .system))
        return (exitCode, console.output, console.errors)
    }

    private static let events = [EventID(epoch: 7, sequence: 12), EventID(epoch: 7, sequence: 13)]

    @Test("hands on the headers and the body as they came")
    func handsOn() async throws {
        let delivery = WebhookDelivery(
            provider: .github,
            headers: [WebhookHeader("X-GitHub-Event", "push"), WebhookHeader("X-Odd", "a: b ")],
            body: Array("{\r\n}\n".utf8), projectID: try Sample.project())
        var behaviour = FakeDaemon.Behaviour()
        behaviour.webhook = {
            $0 == delivery
                ? .success(WebhookReceipt(events: Self.events)) : .failure(ErrorStatus(code: 13, message: "\($0)"))
        }
        let line = ["github", "--header", "X-GitHub-Event: push", "--header=X-Odd:a: b ", "--project", "shop"]
        try await withDaemon(behaviour) { daemon in
            let result = await run(line, input: "{\r\n}\n", daemon)
            #expect(result.output == "The webhook is genuine and taken as 7:12, 7:13.\n", "\(result.errors)")
            #expect(result.exitCode == .ok)
            let json = await run(line + ["--json"], input: "{\r\n}\n", daemon)
            #expect(json.output == "{\"duplicate\":false,\"events\":[\"7:12\",\"7:13\"]}\n")
        }
    }

    @Test("one that had come before, and one that tells nothing, end well; one that is not genuine ends with 77")
    func endings() async throws {
        let endings: [(Result<WebhookReceipt, ErrorStatus>, ExitCode, String)] = [
            (.success(WebhookReceipt()), .ok, "The webhook is genuine and taken; it tells nothing new.\n"),
            (
                .success(WebhookReceipt(events: [Self.events[0]], isDuplicate: true)), .ok,
                "The webhook had come before as 7:12; nothing was done again.\n"
            ), (.failure(ErrorStatus(code: 16, message: "It is not.")), .noPermission, ""),
        ]
        for (ending, exitCode, output) in endings {
            var behaviour = FakeDaemon.Behaviour()
            behaviour.webhook = { _ in ending }
            try await withDaemon(behaviour) { daemon in
                let result = await run(["vercel"], daemon)
                #expect(result.exitCode == exitCode)
                #expect(result.output == output)
            }
        }
    }

    @Test(
        "what is no webhook is refused before a daemon is asked",
        arguments: [["gitlab"], [], ["github", "--header", "none"], ["github", "--header", ": x"]])
    func usage(arguments: [String]) async {
        #expect(await run(arguments).exitCode == .usage)
        #expect(await run(["github"], input: String(repeating: "x", count: (1 << 20) + 1)).exitCode == .usage)
    }
}

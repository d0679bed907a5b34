import ClientTestSupport
import Locks
import StatusModel
import StatusWire
import Synchronization
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("telltale operation", .timeLimit(.minutes(1)))
struct OperationCommandTests {
    private func run(
        _ line: String, _ daemon: FakeDaemon? = nil
    ) async -> (exitCode: ExitCode, output: String, errors: String) {
        let console = RecordingConsole()
        let exitCode = await TelltaleProgram.run(
            ["operation"] + line.split(separator: " ").map(String.init),
            environment: ["TELLTALE_SOCKET": daemon?.socketPath ?? "/tmp/telltale-nowhere.sock"], console: console,
            clock: CommandClock(wall: { Sample.now }, waiting: .system))
        return (exitCode, console.output, console.errors)
    }

    @Test("shows how one stands, and asks once")
    func one() async throws {
        let running = try Sample.operation(.running)
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operation = {
            $0 == OperationQuery(id: "op-1") ? .success(running) : .failure(ErrorStatus(code: 5, message: ""))
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run("op-1", daemon)
            #expect(result.output == "◌ running  deploy-production of shop/vercel: Deploys acme/shop\n")
            #expect(result.exitCode == .ok)
            #expect(daemon.calls.all.count == 1)
            let json = await run("op-1 --json", daemon)
            #expect(json.output.contains("\"state\":\"running\""))
            #expect(json.output.contains("\"ended_at\":null"))
        }
    }

    @Test("follows one to its end, whose exit code is its own")
    func waiting() async throws {
        let moves = try [Sample.operation(.running), Sample.operation(.unknownOutcome, version: 2)]
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operation = { .success(moves[min(Int($0.knownVersion), 1)]) }
        try await withDaemon(behaviour) { daemon in
            let result = await run("op-1 --wait", daemon)
            #expect(result.output.split(separator: "\n").count == 2)
            #expect(result.exitCode == .temporaryFailure)
        }
    }

    @Test("says that there is no daemon, and does not wait for one")
    func noDaemon() async {
        let result = await run("op-1 --wait")
        #expect(result.exitCode == .unavailable)
        #expect(result.errors.contains("Is telltaled running?"))
    }

    @Test("lists the newest of a project, over as many pages as it takes")
    func list() async throws {
        let queries = Lock<[OperationListQuery]>([])
        let operation = try Sample.operation(.succeeded)
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operations = { query in
            queries.withLock { $0.append(query) }
            let page = OperationPage(
                operations: Array(repeating: operation, count: min(150, query.pageSize)), nextPageToken: "next")
            return .success(page)
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run("--project shop --key vercel --limit 210", daemon)
            #expect(result.output.split(separator: "\n").count == 210)
            #expect(
                result.output.hasPrefix(
                    "● succeeded  op-1  vercel  deploy-production  2m ago  ada  Deploys acme/shop\n"))
            #expect(queries.withLock { $0.map(\.pageSize) } == [200, 60])
            #expect(queries.withLock { $0.map(\.pageToken) } == ["", "next"])
            #expect(queries.withLock { $0.allSatisfy { $0.key == .provider(.vercel) } })
            let json = await run("--project shop --limit 1 --json", daemon)
            guard case .list(let operations) = JSONValue(reading: Array(json.output.utf8)) else {
                Issue.record("\(json.output)")
                return
            }
            #expect(operations.count == 1)
        }
    }

    @Test("ends a list whose pages are empty and never the last")
    func endless() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operations = { _ in .success(OperationPage(operations: [], nextPageToken: "next")) }
        try await withDaemon(behaviour) { daemon in
            let result = await run("--project shop", daemon)
            #expect(result.errors == "telltale: No operation of shop is kept.\n")
            #expect(result.exitCode == .ok)
            #expect(daemon.calls.all.count == 1)
        }
    }

    @Test(
        "what asks for nothing is told before a daemon is asked",
        arguments: [
            ("", "--project PROJECT"), ("--project -x", "is no name of a project"), ("a b", "[ID]"),
            ("--project shop --key gitlab", "github"), ("--project shop --limit 0", "1 to 1000"),
            (String(repeating: "a", count: 65), "1 to 64 bytes"),
        ])
    func usage(_ line: String, _ words: String) async {
        let result = await run(line)
        #expect(result.exitCode == .usage)
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}

import ClientTestSupport
import LinuxSystem
import StatusCore
import StatusModel
import StatusWire
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("The program", .timeLimit(.minutes(1)))
struct ProgramTests {
    private static let kinds = EventKind.all.joined(separator: ", ")

    private func run(
        _ line: String, _ daemon: FakeDaemon? = nil, console: RecordingConsole = RecordingConsole(),
        environment: [String: String] = [:]
    ) async -> (exitCode: ExitCode, output: String, errors: String) {
        var environment = environment
        environment["TELLTALE_SOCKET"] = daemon?.socketPath ?? "/tmp/telltale-nowhere.sock"
        let exitCode = await TelltaleProgram.run(
            line.split(separator: " ").map(String.init), environment: environment, console: console,
            clock: CommandClock(wall: { Sample.now }, waiting: .system))
        return (exitCode, console.output, console.errors)
    }

    private func behaviour(_ states: [String: ConnectionState] = ["shop": .connected]) throws -> FakeDaemon.Behaviour {
        var behaviour = FakeDaemon.Behaviour()
        let overviews = try states.sorted { $0.key < $1.key }.map { name, state in
            ProjectOverview(
                projectID: try Sample.project(name), overall: state, hash: "h", updatedAt: Sample.ago(.seconds(5)),
                counts: StateCounts(connected: 3, error: 1))
        }
        behaviour.projects = { _ in ProjectPage(projects: overviews) }
        let envelope = try Sample.envelope()
        behaviour.status = { request in
            guard let state = states[request.projectID.rawValue] else {
                return .failure(ErrorStatus(code: 5, message: "There is no project \(request.projectID)."))
            }
            var envelope = envelope
            envelope.projectID = request.projectID
            envelope.overall = state
            return .success(StatusAnswer(envelope: envelope, hash: "h1", source: .hit))
        }
        return behaviour
    }

    @Test("status shows the board of every project")
    func status() async throws {
        try await withDaemon(behaviour(["a": .connected, "b": .warning])) { daemon in
            let result = await run("status", daemon)
            #expect(result.exitCode == .ok)
            #expect(result.errors.isEmpty)
            #expect(result.output.hasPrefix("a  "))
            #expect(result.output.contains("\n\nb  "))
            #expect(result.output.contains("  ● GitHub    connected   Linked to main · Last push 2m ago  12s ago\n"))
        }
    }

    @Test(
        "status --check exits with the worst state of all",
        arguments: [
            (["a": .connected, "b": .connected], 0), (["a": .connected, "b": .warning], 1),
            (["a": .error, "b": .warning], 2), (["a": .disconnected], 3), (["a": .disconnected, "b": .connected], 0),
            ([:], 3),
        ] as [([String: ConnectionState], Int32)])
    func check(_ states: [String: ConnectionState], _ exitCode: Int32) async throws {
        try await withDaemon(behaviour(states)) { daemon in
            let result = await run("status --check", daemon)
            #expect(result.exitCode.rawValue == exitCode)
            let unchecked = await run("status", daemon)
            #expect(unchecked.exitCode == .ok)
        }
    }

    @Test("a project that cannot be read outweighs those that can, and these are shown")
    func unknownProject() async throws {
        try await withDaemon(behaviour()) { daemon in
            let result = await run("status shop nowhere --check", daemon)
            #expect(result.exitCode == .noInput)
            #expect(result.output.hasPrefix("shop  "))
            #expect(result.errors == "telltale: There is no project nowhere.\n")
        }
    }

    @Test("status --json is an object for one named project and an array otherwise")
    func json() async throws {
        try await withDaemon(behaviour()) { daemon in
            let one = await run("status shop --json", daemon)
            #expect(one.output.hasPrefix(#"{"answer":{"#) && one.output.hasSuffix("}\n"))
            let all = await run("status --json", daemon)
            #expect(all.output == "[\(one.output.dropLast())]\n")
        }
    }

    @Test(
        "what the caller says of age and waiting is asked of the daemon",
        arguments: [
            ("status shop", ReadingMode.cached, ReadersContract()),
            ("status shop --max-age 30s", .preferFresh, ReadersContract(maxAge: .seconds(30))),
            (
                "status shop --max-wait=1s --max-age 0s", .preferFresh,
                ReadersContract(maxAge: .zero, maxWait: .seconds(1))
            ),
            ("status shop --fresh --max-wait 4s", .force, ReadersContract(maxWait: .seconds(4))),
            ("status shop --max-stale 10m", .cached, ReadersContract(maxStale: .seconds(600))),
        ] as [(String, ReadingMode, ReadersContract)])
    func contract(_ line: String, _ mode: ReadingMode, _ contract: ReadersContract) async throws {
        var behaviour = try behaviour()
        behaviour.status = { request in
            let isAsExpected = request.mode == mode && request.contract == contract
            return .failure(ErrorStatus(code: isAsExpected ? 8 : 13, message: "\(request)"))
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run(line, daemon)
            #expect(result.exitCode == .temporaryFailure, "\(result.errors)")
        }
    }

    @Test("the user and the role travel with the call")
    func metadata() async throws {
        try await withDaemon(behaviour()) { daemon in
            _ = await run("cache --user ada --role editor", daemon)
            #expect(daemon.calls.all == [CallLog.Call(method: "GetCacheStats", user: "ada", role: "editor")])
        }
    }

    @Test(
        "each kind of failure has its exit code",
        arguments: [
            (3, 64), (5, 66), (14, 69), (12, 69), (4, 75), (8, 75), (7, 77), (16, 77), (13, 70), (2, 70),
        ] as [(Int32, Int32)])
    func failures(_ code: Int32, _ exitCode: Int32) async throws {
        var behaviour = try behaviour()
        behaviour.status = { _ in
            .failure(ErrorStatus(code: code, message: "No\u{1B}[2J.", retryAfter: .seconds(3)))
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run("status shop", daemon)
            #expect(result.exitCode.rawValue == exitCode)
            #expect(result.errors == "telltale: No\u{FFFD}[2J. Try again in 3s.\n")
        }
    }

    @Test("without a daemon it says where it looked and what to do")
    func noDaemon() async {
        let result = await run("projects")
        #expect(result.exitCode == .unavailable)
        #expect(
            result.errors == "telltale: Cannot reach a daemon at /tmp/telltale-nowhere.sock "
                + "(connect: No such file or directory). Is telltaled running?\n")
    }

    @Test(
        "wrong usage is told with the help that tells more",
        arguments: [
            ("stauts", "telltale: there is no command \"stauts\"; did you mean \"status\"? See `telltale --help`.\n"),
            (
                "status --chek",
                "telltale: there is no option --chek; did you mean --check? See `telltale status --help`.\n"
            ),
            (
                "watch --since 7",
                "telltale: --since must be the id of an event such as 7:4711, not \"7\". See `telltale watch --help`.\n"
            ),
            (
                "watch --kinds status:*,deploy",
                "telltale: --kinds must be kinds or families of events with commas between them, of \(Self.kinds), "
                    + "not \"status:*,deploy\". See `telltale watch --help`.\n"
            ),
            (
                "watch --kinds status:*,,run:*",
                "telltale: --kinds must be kinds or families of events with commas between them, of \(Self.kinds), "
                    + "not \"status:*,,run:*\". See `telltale watch --help`.\n"
            ),
            ("help bake", "telltale: there is no command \"bake\"\n"),
            (
                "why shop kitchen",
                "telltale: \"kitchen\" is no item: it is github, vercel, sanity, supabase or service:NAME.\n"
            ),
            (
                "invalidate shop kitchen",
                "telltale: \"kitchen\" is no item: it is github, vercel, sanity, supabase or service:NAME.\n"
            ),
        ])
    func usage(_ line: String, _ message: String) async {
        let result = await run(line)
        #expect(result.exitCode == .usage)
        #expect(result.errors == message)
        #expect(result.output.isEmpty)
    }

    @Test("help and version ask nobody")
    func help() async {
        let version = await run("--version")
        #expect(version.output == "telltale \(TelltaleVersion.current)\n")
        let program = await run("--help")
        for command in Command.all { #expect(program.output.contains("\n  \(command.syntax.name) ")) }
        for command in Command.all.map(\.syntax) {
            let help = await run("\(command.name) --help")
            let other = await run("help \(command.name)")
            #expect(help.exitCode == .ok)
            #expect(help.output == other.output)
            for option in command.options { #expect(help.output.contains("--\(option.name)")) }
            for line in help.output.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
        }
    }

    @Test("health tells each part, and exits by what was asked for")
    func health() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.health = ["": .serving, "github": .notServing]
        try await withDaemon(behaviour) { daemon in
            let all = await run("health", daemon)
            #expect(all.output == "telltaled  serving\ngithub     not serving\n")
            #expect(all.exitCode == .ok)
            let part = await run("health github --json", daemon)
            #expect(part.output == "{\"github\":\"not_serving\"}\n")
            #expect(part.exitCode == .unavailable)
            let unknown = await run("health oven", daemon)
            #expect(unknown.exitCode == .noInput)
        }
    }

    @Test("projects, cache, invalidate and version tell what the daemon does")
    func daemonNumbers() async throws {
        var behaviour = try behaviour(["shop": .error])
        behaviour.cache = CacheStats(size: 4, active: 3, expired: 1, hits: 8, misses: 1, staleHits: 1)
        try await withDaemon(behaviour) { daemon in
            let projects = await run("projects", daemon)
            #expect(projects.output == "✖ shop  error  1 error, 3 connected  5s ago\n")
            let cache = await run("cache", daemon)
            #expect(cache.output.contains("hits          8 (90 % of all reads answered at once)\n"))
            let json = await run("cache --json", daemon)
            #expect(
                json.output
                    == "{\"active\":3,\"collapsed\":0,\"expired\":1,\"hits\":8,\"misses\":1,\"size\":4,\"stale_hits\":1,"
                    + "\"store\":{\"bytes\":0,\"last_saved_at\":null,\"path\":\"\",\"pending\":0,\"persisting\":false,"
                    + "\"trouble\":\"\"}}\n"
            )
            let invalidated = await run("invalidate shop github service:worker", daemon)
            #expect(invalidated.output == "2 items of shop will be read again.\n")
            let version = await run("version", daemon)
            #expect(version.output.hasSuffix("\ntelltaled 9.9.9 at /s, up for 2h\n"))
            daemon.change {
                $0.info.refusedConnections = [
                    RefusedConnections(reason: "not_allowed", count: 2),
                    RefusedConnections(reason: "too_many", count: 0),
                ]
            }
            daemon.change { $0.info.socketPath = "" }
            let refused = await run("version", daemon)
            #expect(refused.output.contains("\ntelltaled 9.9.9, up for 2h\n"), "as it is told to a viewer")
            #expect(refused.output.hasSuffix("\nrefused connections: 2 of users who may not use it\n"))
            let info = await run("version --json", daemon)
            #expect(info.output.contains("\"refused_connections\":{\"not_allowed\":2,\"too_many\":0}"))
        }
    }

    @Test("cache --accept-lost-keys tells whether any counted as lost, and is no question about the cache")
    func acceptLostKeys() async throws {
        try await withDaemon(try behaviour()) { daemon in
            #expect(await run("cache --accept-lost-keys", daemon).output == "Unknown keys count as new again.\n")
            #expect(await run("cache --accept-lost-keys --json", daemon).output == "{\"accepted\":true}\n")
            daemon.change { $0.lostKeys = .success(LostKeysReceipt(isAccepted: false)) }
            #expect(await run("cache --accept-lost-keys", daemon).output == "No keys counted as lost.\n")
            daemon.change { $0.lostKeys = .failure(ErrorStatus(code: 7, message: "You may not.")) }
            #expect(await run("cache --accept-lost-keys", daemon).exitCode == .noPermission)
        }
    }

    @Test("reload tells what changed and what needs a restart")
    func reload() async throws {
        var behaviour = try behaviour()
        behaviour.reload = .success(ReloadReport(projectsAdded: 2, projectsRemoved: 1))
        try await withDaemon(behaviour) { daemon in
            #expect(await run("reload", daemon).output == "2 projects added, 0 changed, 1 removed.\n")
            daemon.change {
                $0.reload = .success(ReloadReport(projectsAdded: 1, needsRestart: ["log.level", "http.a"]))
            }
            let result = await run("reload", daemon)
            #expect(result.exitCode == .ok)
            #expect(
                result.output
                    == "1 project added, 0 changed, 0 removed.\nOnly after a restart: log.level, http.a.\n")
            #expect(
                await run("reload --json", daemon).output
                    == "{\"needs_restart\":[\"log.level\",\"http.a\"],\"projects_added\":1,\"projects_changed\":0,"
                    + "\"projects_removed\":0}\n")
        }
    }

    @Test("reload of a mistaken file puts each mistake on a line of its own, and nothing into the terminal")
    func refusedReload() async throws {
        var behaviour = try behaviour()
        behaviour.reload = .failure(
            ErrorStatus(
                code: 9, message: "It has 2 mistakes.\n/t.json5:2: a: no\n/t.json5:3: \u{1B}[2Jb: no",
                reason: "CONFIGURATION_INVALID"))
        try await withDaemon(behaviour) { daemon in
            let result = await run("reload", daemon)
            #expect(result.exitCode == .configuration)
            #expect(result.output.isEmpty)
            #expect(
                result.errors
                    == "/t.json5:2: a: no\n/t.json5:3: \u{FFFD}[2Jb: no\ntelltale: It has 2 mistakes.\n")
            daemon.change { $0.reload = .failure(ErrorStatus(code: 7, message: "You may not.")) }
            let refused = await run("reload", daemon)
            #expect(refused.exitCode == .noPermission)
            #expect(refused.errors == "telltale: You may not.\n")
        }
    }

    @Test("a reader that has gone ends the program without a word")
    func brokenPipe() async throws {
        try await withDaemon(behaviour()) { daemon in
            let console = RecordingConsole(failure: CommandFailure(.brokenPipe, ""))
            let result = await run("status", daemon, console: console)
            #expect(result.exitCode == .brokenPipe)
            #expect(result.errors.isEmpty)
        }
    }

    @Test("watch in a pipe writes one line for each change, and asks for the kinds and the place that were named")
    func watchLines() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.watch = { _ in .success(()) }
        try await withDaemon(behaviour) { daemon in
            let console = RecordingConsole()
            let program = Task { await run("watch --since 7:3 --kinds status:*", daemon, console: console) }
            let watch = await daemon.watches.opened(0)
            #expect(watch.request.resumeAfter == EventID(epoch: 7, sequence: 3))
            #expect(watch.request.kinds == ["status:*"])
            watch.send(.snapshot(try Sample.envelope(), asOf: EventID(epoch: 7, sequence: 3)))
            await console.waitForOutput("shop  github  connected")
            program.cancel()
            let result = await program.value
            #expect(result.exitCode == .ok)
            await watch.waitUntilClosed()
        }
    }

    @Test("watch ends where nobody reads its output any more, also when there is nothing to write")
    func watchWithoutReader() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.watch = { _ in .success(()) }
        try await withDaemon(behaviour) { daemon in
            let console = RecordingConsole()
            let program = Task { await run("watch", daemon, console: console) }
            let watch = await daemon.watches.opened(0)
            watch.send(.snapshot(try Sample.envelope(), asOf: EventID(epoch: 7, sequence: 3)))
            await console.waitForOutput("shop  github  connected")
            console.loseReader()
            watch.send(.heartbeat(EventID(epoch: 7, sequence: 3), at: Sample.now))
            let result = await program.value
            #expect(result.exitCode == .brokenPipe)
            #expect(result.errors.isEmpty)
        }
    }

    @Test("watch on a terminal draws a board, and draws it anew when something changes")
    func liveBoard() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.watch = { _ in .success(()) }
        try await withDaemon(behaviour) { daemon in
            let console = RecordingConsole(terminalSize: StandardStream.TerminalSize(columns: 80, rows: 24))
            let program = Task {
                await run(
                    "watch --no-color", daemon, console: console,
                    environment: ["TERM": "xterm"])
            }
            await console.waitForOutput("Connecting.")
            let watch = await daemon.watches.opened(0)
            watch.send(.snapshot(try Sample.envelope(), asOf: EventID(epoch: 7, sequence: 3)))
            await console.waitForOutput("● GitHub    connected")
            await console.waitForOutput("Live. Ctrl-C ends.")
            program.cancel()
            let result = await program.value
            #expect(result.exitCode == .ok)
            #expect(result.output.contains("\u{1B}[2A"))
        }
    }
}

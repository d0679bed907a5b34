import ClientTestSupport
import LinuxSystem
import StatusModel
import StatusWire
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("The commands that look into the daemon", .timeLimit(.minutes(1)))
struct WhyCommandTests {
    private func run(
        _ line: String, _ daemon: FakeDaemon, columns: Int? = nil
    ) async -> (exitCode: ExitCode, output: String, errors: String) {
        let size = columns.map { StandardStream.TerminalSize(columns: $0, rows: 24) }
        let console = RecordingConsole(terminalSize: size)
        let exitCode = await TelltaleProgram.run(
            line.split(separator: " ").map(String.init), environment: ["TELLTALE_SOCKET": daemon.socketPath],
            console: console, clock: CommandClock(wall: { Sample.now }, waiting: .system))
        return (exitCode, console.output, console.errors)
    }

    /// A project of GitHub, Vercel and a service, whose explanations each have a sentence of their own.
    private func behaviour() throws -> FakeDaemon.Behaviour {
        var behaviour = FakeDaemon.Behaviour()
        let keys: [ItemKey] = [.provider(.github), .provider(.vercel), .service("worker")]
        var github = Sample.github()
        github.label = "acme/shop"
        let statuses: [ItemKey: IntegrationStatus] = [
            .provider(.github): github, .provider(.vercel): Sample.brokenVercel(),
            .service("worker"): IntegrationStatus(key: .service("worker")),
        ]
        behaviour.explain = { request in
            guard request.projectID.rawValue == "shop", let status = statuses[request.key] else {
                return .failure(ErrorStatus(code: 5, message: "There is no \(request.projectID) \(request.key)."))
            }
            return .success(
                ItemExplanation(
                    status: status, traceID: request.key == .provider(.github) ? "4bf92f3577b34da6" : "",
                    reasons: ["It is so, \(request.key).", "The next attempt is in 3s."], projectKeys: keys))
        }
        return behaviour
    }

    @Test("why tells one item, with its name, its state, its sentences and its trace")
    func one() async throws {
        try await withDaemon(behaviour()) { daemon in
            let result = await run("why shop github --role viewer", daemon)
            #expect(result.exitCode == .ok)
            #expect(
                result.output == """
                    ● GitHub  connected  acme/shop
                      It is so, github.
                      The next attempt is in 3s.
                      Trace 4bf92f3577b34da6

                    """)
            #expect(daemon.calls.all == [CallLog.Call(method: "Explain", role: "viewer")])
        }
    }

    @Test("why of a project tells each of its items, and reads nothing to find them")
    func all() async throws {
        try await withDaemon(behaviour()) { daemon in
            let result = await run("why shop", daemon)
            #expect(
                result.output == """
                    ● GitHub  connected  acme/shop
                      It is so, github.
                      The next attempt is in 3s.
                      Trace 4bf92f3577b34da6

                    ✖ Vercel  error
                      It is so, vercel.
                      The next attempt is in 3s.

                    ○ worker  not linked
                      It is so, service:worker.
                      The next attempt is in 3s.

                    """)
            #expect(daemon.calls.all.map(\.method) == ["Explain", "Explain", "Explain"])
        }
    }

    @Test("why --json is an object for a named item and an array otherwise")
    func json() async throws {
        try await withDaemon(behaviour()) { daemon in
            let one = await run("why shop vercel --json", daemon)
            #expect(one.output.hasPrefix(#"{"age":null,"breaker":null"#) && one.output.hasSuffix("}\n"))
            let all = await run("why shop --json", daemon)
            #expect(all.output.hasPrefix(#"[{"age":"#) && all.output.hasSuffix("}]\n"))
            #expect(all.output.contains(one.output.dropLast()))
        }
    }

    @Test("what does not exist is told as the daemon tells it, and no item is no command line")
    func unknown() async throws {
        try await withDaemon(behaviour()) { daemon in
            let nowhere = await run("why nowhere", daemon)
            #expect(nowhere.exitCode == .noInput)
            #expect(nowhere.errors == "telltale: There is no nowhere github.\n")
            let oven = await run("why shop service:oven", daemon)
            #expect(oven.exitCode == .noInput)
            let nothing = await run("why", daemon)
            #expect(nothing.exitCode == .usage)
            let twice = await run("why shop github vercel", daemon)
            #expect(twice.exitCode == .usage)
        }
    }

    @Test("an item that goes while the others are told is passed over")
    func gone() async throws {
        var behaviour = try behaviour()
        let known = behaviour.explain
        behaviour.explain = { request in
            request.key == .provider(.vercel) ? .failure(ErrorStatus(code: 5, message: "Gone.")) : known(request)
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run("why shop", daemon)
            #expect(result.exitCode == .ok)
            #expect(result.output.contains("worker") && !result.output.contains("Vercel"))
        }
    }

    @Test("sentences are broken to the terminal's width, and cannot move its cursor")
    func hostile() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.explain = { request in
            .success(
                ItemExplanation(
                    status: IntegrationStatus(key: request.key), traceID: "\u{1B}[2J",
                    reasons: [String(repeating: "word ", count: 20) + "\u{1B}[2J"]))
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run("why shop github --no-color", daemon, columns: 40)
            for line in result.output.split(separator: "\n") { #expect(TerminalText.width(of: String(line)) <= 40) }
            #expect(!result.output.contains("\u{1B}"))
        }
    }

    @Test("cache tells where the memory is kept, how large it is, and what keeps it from being kept")
    func store() async throws {
        var behaviour = FakeDaemon.Behaviour()
        try await withDaemon(behaviour) { daemon in
            behaviour.cache.store = StoreStats(isPersisting: true)
            daemon.change { [cache = behaviour.cache] in $0.cache = cache }
            let memory = await run("cache", daemon)
            #expect(memory.output.hasSuffix("store         in memory alone; a stop of the daemon forgets it\n"))
            behaviour.cache.store = StoreStats(
                path: "/var/lib/telltale/telltale.db", bytes: 25_270_682, isPersisting: true, pending: 2,
                lastSavedAt: Sample.ago(.seconds(3)))
            daemon.change { [cache = behaviour.cache] in $0.cache = cache }
            let kept = await run("cache", daemon)
            #expect(
                kept.output.hasSuffix(
                    """
                    store         /var/lib/telltale/telltale.db, 24.0 MiB
                    kept          yes, last saved 3s ago
                    unsaved       2

                    """))
            behaviour.cache.store.path = ""
            daemon.change { [cache = behaviour.cache] in $0.cache = cache }
            let withheld = await run("cache", daemon)
            #expect(withheld.output.contains("store         on disk, 24.0 MiB\nkept          yes, last saved 3s ago\n"))
            behaviour.cache.store.path = "/var/lib/telltale/telltale.db"
            behaviour.cache.store.isPersisting = false
            behaviour.cache.store.trouble = "The disk is full; make room.\u{1B}[2J"
            daemon.change { [cache = behaviour.cache] in $0.cache = cache }
            let full = await run("cache", daemon)
            #expect(full.exitCode == .ok)
            #expect(full.output.contains("kept          no: The disk is full; make room.\u{FFFD}[2J\n"))
            let json = await run("cache --json", daemon)
            #expect(json.output.contains(#""path":"/var/lib/telltale/telltale.db","pending":2,"persisting":false"#))
        }
    }

    @Test("status tells that a project had been forgotten, beside its output")
    func resumed() async throws {
        var behaviour = FakeDaemon.Behaviour()
        let envelope = try Sample.envelope()
        behaviour.status = { _ in
            .success(StatusAnswer(envelope: envelope, hash: "h1", source: .stale, freshness: .old, isResumed: true))
        }
        try await withDaemon(behaviour) { daemon in
            let result = await run("status shop", daemon)
            #expect(result.exitCode == .ok)
            #expect(
                result.errors
                    == "telltale: Nobody had asked for shop in so long that it was no longer read; it is from now on.\n"
            )
            let json = await run("status shop --json", daemon)
            #expect(json.errors.isEmpty)
            #expect(json.output.contains(#""resumed":true"#))
        }
    }

    @Test(
        "a size has one unit and a decimal",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1_048_575, "1023.9 KiB"),
            (25_270_682, "24.0 MiB"), (.max, "15.9 EiB"),
        ] as [(UInt64, String)])
    func sizes(bytes: UInt64, words: String) {
        #expect(SizeText.words(for: bytes) == words)
    }
}

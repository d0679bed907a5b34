import StatusModel
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("The live board")
struct LiveBoardTests {
    private let instant = ContinuousClock.now

    private func event(
        _ kind: String, _ items: [IntegrationStatus], hash: String = "h2", _ project: String = "shop"
    ) throws -> StatusUpdate {
        .event(
            StatusEvent(
                id: EventID(epoch: 1, sequence: 2), at: Sample.now, projectID: try Sample.project(project), kind: kind,
                items: items, overall: .error, hash: hash, revision: 9))
    }

    @Test("an event replaces the items that it brings, and the state of the project")
    func event() throws {
        var board = LiveBoard()
        board.apply(.snapshot(try Sample.envelope(), asOf: nil))
        board.apply(try event("status:update", [Sample.brokenVercel()]))
        let project = try #require(board.projects.first)
        #expect(project.items[0] == Sample.github())
        #expect(project.items[1] == Sample.brokenVercel())
        #expect(project.overall == .error)
        #expect(project.revision == 9)
    }

    @Test("a new service is sorted in, and a known one replaced")
    func services() throws {
        var board = LiveBoard()
        board.apply(.snapshot(try Sample.envelope(), asOf: nil))
        for name in ["worker", "api", "worker"] {
            var item = Sample.github()
            item.key = .service(name)
            board.apply(try event("status:update", [item]))
        }
        #expect(board.projects.first?.services.map(\.key) == [.service("api"), .service("worker")])
    }

    @Test("an event without a state, such as a push, changes none")
    func milestone() throws {
        var board = LiveBoard()
        board.apply(.snapshot(try Sample.envelope(), asOf: nil))
        board.apply(try event("github:push", [], hash: ""))
        #expect(board.projects == [try Sample.envelope()])
    }

    @Test("after the report of a run the runs before it are not the last any more")
    func runs() throws {
        var board = LiveBoard()
        var envelope = try Sample.envelope()
        envelope.lastRuns = [RunRecord(kind: "diagnostics", at: Sample.now, passed: true)]
        board.apply(.snapshot(envelope, asOf: nil))
        board.apply(try event("status:update", [Sample.github()]))
        #expect(board.projects.first?.lastRuns == envelope.lastRuns)
        board.apply(try event("run:finished", []))
        #expect(board.projects.first?.lastRuns == [])
        #expect(board.projects.first?.hash == "h2")
    }

    @Test("a removed project disappears, a new one appears, and a reset empties the board for the snapshots to come")
    func projects() throws {
        var board = LiveBoard()
        board.apply(.snapshot(try Sample.envelope("b"), asOf: nil))
        board.apply(try event("status:update", [Sample.github()], "a"))
        #expect(board.projects.map(\.projectID.rawValue) == ["a", "b"])
        board.apply(try event("project:removed", [], "b"))
        #expect(board.projects.map(\.projectID.rawValue) == ["a"])
        board.apply(
            .reset(WatchReset(reason: .epoch, lostFrom: 0, lostTo: 0, resumeFrom: EventID(epoch: 2, sequence: 0))))
        #expect(board.projects.isEmpty)
    }

    @Test("the last line says how the watch stands")
    func footer() throws {
        var board = LiveBoard()
        func last() -> String? {
            board.lines(fitting: (80, 24), paint: Paint(isColoured: false), wall: Sample.now, now: instant).last
        }
        #expect(last() == "Connecting.")
        board.apply(.connection(.connected))
        #expect(last() == "Live. Ctrl-C ends.")
        let away = TelltaleError(.unavailable, "The daemon closed the connection.")
        board.apply(.connection(.reconnecting(attempt: 2, until: instant + .seconds(3), after: away)))
        #expect(last() == "The daemon closed the connection. Trying again in 3s")
    }

    @Test("a board that is higher than the terminal is cut, with the number of lines that are left out")
    func height() throws {
        var board = LiveBoard()
        for name in ["a", "b", "c", "d"] { board.apply(.snapshot(try Sample.envelope(name), asOf: nil)) }
        let lines = board.lines(fitting: (80, 12), paint: Paint(isColoured: false), wall: Sample.now, now: instant)
        #expect(lines.count == 11)
        #expect(lines[8] == "… 15 more lines; name projects to see less")
    }

    @Test("frames are drawn over one another, and anew when the terminal has another width")
    func frames() {
        var screen = LiveScreen()
        #expect(screen.frame(["a", "b"], columns: 80) == "\ra\u{1B}[K\n\rb\u{1B}[K\n\u{1B}[J")
        #expect(screen.frame(["c"], columns: 80) == "\u{1B}[2A\rc\u{1B}[K\n\u{1B}[J")
        #expect(screen.frame(["d"], columns: 40) == "\u{1B}[H\u{1B}[2J\rd\u{1B}[K\n\u{1B}[J")
        #expect(screen.frame([], columns: 40) == "\u{1B}[1A\u{1B}[J")
    }
}

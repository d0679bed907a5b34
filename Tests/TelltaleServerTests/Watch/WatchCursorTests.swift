import StatusModel
import TelltaleServer
import Testing

@Suite("A watcher's cursor")
struct WatchCursorTests {
    private let a = ProjectID("a")
    private let b = ProjectID("b")

    private func id(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    private func projects() throws -> [ProjectID] { [try #require(a), try #require(b)] }

    @Test("a new watcher gets a snapshot of each project in order, then what came after them")
    func fresh() throws {
        let projects = try projects()
        var cursor = WatchCursor(projects: projects, resumeAfter: nil, newest: id(9))
        #expect(cursor.next == .snapshot(projects[0], asOf: id(9)))
        #expect(cursor.next == .snapshot(projects[0], asOf: id(9)))
        cursor.sent()
        #expect(cursor.next == .snapshot(projects[1], asOf: id(9)))
        cursor.sent()
        #expect(cursor.next == .events(after: id(9)))
        cursor.passed(id(10))
        #expect(cursor.next == .events(after: id(10)))
        #expect(cursor.position == id(10))
    }

    @Test("one that resumes gets no snapshots")
    func resumed() throws {
        let cursor = WatchCursor(projects: try projects(), resumeAfter: id(3), newest: id(9))
        #expect(cursor.next == .events(after: id(3)))
    }

    @Test("a watcher of nothing goes straight to the events")
    func empty() {
        #expect(WatchCursor(projects: [], resumeAfter: nil, newest: id(0)).next == .events(after: id(0)))
    }

    @Test(
        "where the journal cannot go on, the loss is told, then snapshots, then it goes on from the newest",
        arguments: [
            (WatchCursor.Gap.truncated(lostFrom: 4, lostTo: 6), WatchReset.Reason.truncated, 4, 6),
            (.epoch, .epoch, 0, 0), (.future, .future, 0, 0),
        ] as [(WatchCursor.Gap, WatchReset.Reason, UInt64, UInt64)])
    func lost(gap: WatchCursor.Gap, reason: WatchReset.Reason, from: UInt64, to: UInt64) throws {
        let projects = try projects()
        var cursor = WatchCursor(projects: projects, resumeAfter: id(3), newest: id(9))
        let items = [ItemName(projectID: projects[0], key: .provider(.github))]
        cursor.lost(gap, items: (items, true), projects: projects, newest: id(12))
        let reset = WatchReset(
            reason: reason, lostFrom: from, lostTo: to, resumeFrom: id(12), lostCount: from == 0 ? 0 : to - from + 1,
            lostItems: items, hasMoreItems: true)
        #expect(cursor.next == .reset(reset))
        cursor.sent()
        for project in projects {
            #expect(cursor.next == .snapshot(project, asOf: id(12)))
            cursor.sent()
        }
        #expect(cursor.next == .events(after: id(12)))
    }

    @Test("one that falls off again before it was told is told the newest loss once")
    func lostTwice() throws {
        var cursor = WatchCursor(projects: [], resumeAfter: id(3), newest: id(9))
        cursor.lost(.truncated(lostFrom: 4, lostTo: 6), items: ([], false), projects: [], newest: id(12))
        cursor.lost(
            .truncated(lostFrom: 13, lostTo: 14), items: ([], false), projects: try projects(), newest: id(20))
        guard case .reset(let reset) = cursor.next else {
            Issue.record("no reset")
            return
        }
        #expect(reset.resumeFrom == id(20))
        cursor.sent()
        #expect(cursor.next == .snapshot(try projects()[0], asOf: id(20)))
    }
}

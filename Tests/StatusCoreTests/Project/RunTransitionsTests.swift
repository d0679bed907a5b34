import StatusCore
import StatusModel
import Testing

@Suite("What reported runs leave in a project")
struct RunTransitionsTests {
    private let start = Samples.start
    private let github = Samples.github
    private let worker = ItemKey.service("worker")

    private func report(
        _ kind: RunKind = .diagnostics, at seconds: Double? = nil, results: [RunResult] = []
    ) -> RunReport {
        RunReport(
            projectID: Samples.project().projectID, kind: kind, results: results,
            endedAt: seconds.map { start.after($0).wall })
    }

    private func passed(_ key: ItemKey?, _ milliseconds: Int? = nil) -> RunResult {
        RunResult(name: "check", key: key, passed: true, latency: milliseconds.map { .milliseconds($0) })
    }

    private func failed(_ key: ItemKey?, _ milliseconds: Int? = nil) -> RunResult {
        RunResult(name: "check", key: key, passed: false, latency: milliseconds.map { .milliseconds($0) })
    }

    @Test("the newest run of each kind is kept, and whether all of it passed")
    func newest() {
        let snapshot = Samples.project([worker])
            .applied(report(at: 10, results: [passed(worker), failed(nil)]), at: start.after(20).wall)
            .applied(report(.smokeTests, at: 5, results: [passed(worker)]), at: start.after(20).wall)
            .applied(report(at: 2, results: [passed(worker)]), at: start.after(20).wall)
        #expect(
            snapshot.lastRuns(for: .owner) == [
                RunRecord(kind: "diagnostics", at: start.after(10).wall, passed: false),
                RunRecord(kind: "smoke_tests", at: start.after(5).wall, passed: true),
            ])
        #expect(snapshot.record(of: worker)?.lastRunAt == start.after(10).wall)
    }

    @Test("a late run touches what no newer one has")
    func late() {
        let snapshot = Samples.project([github, worker])
            .applied(report(at: 10, results: [passed(github)]), at: start.after(20).wall)
            .applied(report(at: 4, results: [passed(worker), passed(github)]), at: start.after(20).wall)
        #expect(snapshot.record(of: github)?.lastRunAt == start.after(10).wall)
        #expect(snapshot.record(of: worker)?.lastRunAt == start.after(4).wall)
    }

    @Test("a run without an end has ended now, and so has one whose reporter's clock is ahead")
    func clocks() {
        let now = start.after(60).wall
        #expect(Samples.project().applied(report(), at: now).lastRuns.map(\.at) == [now])
        #expect(Samples.project().applied(report(at: 200), at: now).lastRuns.map(\.at) == [now])
    }

    @Test("after the clock was set back a new run still counts as new")
    func clockSetBack() {
        let snapshot = Samples.project()
            .applied(report(results: [passed(github)]), at: start.after(3_600).wall)
            .applied(report(results: [failed(github)]), at: start.wall)
        #expect(snapshot.lastRuns == [RunRecord(kind: "diagnostics", at: start.wall, passed: false)])
        #expect(snapshot.record(of: github)?.lastRunAt == start.wall)
    }

    @Test("a result without an item concerns every linked one, and so does a run without results")
    func wholeProject() {
        let project = Samples.project([github, worker])
        #expect(project.items(touchedBy: report(results: [passed(github)])) == [github])
        #expect(project.items(touchedBy: report(results: [passed(github), passed(nil)])) == [github, worker])
        #expect(project.items(touchedBy: report()) == [github, worker])
        let touched = project.applied(report(at: 0, results: [passed(nil)]), at: start.wall)
        #expect((touched.items + touched.services).compactMap(\.lastRunAt) == [start.wall, start.wall])
    }

    @Test("an item that is not linked is not touched")
    func unlinked() {
        let before = Samples.project([github])
        let after = before.applied(report(results: [passed(Samples.vercel, 5)]), at: start.wall)
        #expect(after.items == before.items)
        #expect(after.lastRuns.count == 1)
    }

    @Test("what passed checks took is counted for their item, the newest 32; what failed ones took is not")
    func latencies() {
        var snapshot = Samples.project([github, worker])
        snapshot = snapshot.applied(
            report(results: [
                passed(github, 1), failed(github, 999), passed(nil, 999), passed(github, 2), passed(worker),
            ]),
            at: start.wall)
        #expect(snapshot.record(of: github)?.runLatencies == [.milliseconds(1), .milliseconds(2)])
        #expect(snapshot.record(of: worker)?.runLatencies == [])
        for number in 3...40 {
            snapshot = snapshot.applied(report(results: [passed(github, number)]), at: start.after(1).wall)
        }
        #expect(snapshot.record(of: github)?.runLatencies == (9...40).map { .milliseconds($0) })
    }

    @Test("what a late run took pushes out nothing newer")
    func lateLatencies() {
        let full = report(at: 10, results: (1...31).map { passed(github, $0) })
        let late = report(at: 5, results: [passed(github, 100), passed(github, 200)])
        let now = start.after(20).wall
        let snapshot = Samples.project().applied(full, at: now).applied(late, at: now)
        #expect(
            snapshot.record(of: github)?.runLatencies == [.milliseconds(200)] + (1...31).map { .milliseconds($0) })
    }

    @Test("samples and latency rest on the reading and the runs together")
    func figures() {
        var reading = Samples.reading()
        reading.latencies = [.milliseconds(10), .milliseconds(30)]
        let snapshot = Samples.project().applied(reading: reading, for: github, at: start)
            .applied(report(results: [passed(github, 50)]), at: start.wall)
        let item = Samples.render(snapshot).envelope.items[0]
        #expect(item.samples == 3)
        #expect(item.latency == LatencySummary(mean: .milliseconds(30), p95: .milliseconds(50)))
        // A refusal takes their place, as that of the reading.
        let refused = snapshot.applied(failure: Samples.revoked, for: github, at: start)
        #expect(Samples.render(refused).envelope.items[0].samples == 0)
        // They need no reading.
        let unread = Samples.project().applied(report(results: [passed(github, 50)]), at: start.wall)
        #expect(Samples.render(unread).envelope.items[0].samples == 1)
    }

    @Test("the times of a run are news, its figures are not")
    func digests() {
        let known = Samples.project().applied(reading: Samples.reading(), for: github, at: start)
            .applied(report(at: 0, results: [passed(github)]), at: start.wall)
        let slower = known.applied(report(at: 0, results: [passed(github, 700)]), at: start.wall)
        #expect(Samples.render(slower).envelope.hash == Samples.render(known).envelope.hash)
        #expect(Samples.render(slower).envelope.renderHash != Samples.render(known).envelope.renderHash)
        #expect(ProjectSnapshot.contentChanges(from: known, to: slower, now: start)[0].isEmpty)
        let newer = known.applied(report(at: 1, results: [passed(github)]), at: start.after(1).wall)
        #expect(Samples.render(newer).envelope.hash != Samples.render(known).envelope.hash)
        #expect(ProjectSnapshot.contentChanges(from: known, to: newer, now: start)[0] == [github])
        let failed = known.applied(report(at: 0, results: [failed(nil)]), at: start.wall)
        #expect(Samples.render(failed).envelope.hash != Samples.render(known).envelope.hash)
    }

    @Test("a role sees no run that names an item hidden from it, also under another definition")
    func hidden() {
        let hidden: [ItemKey: Set<Role>] = [worker: [.viewer]]
        let snapshot = Samples.project([github, worker], hidden: hidden)
            .applied(report(.diagnostics, at: 0, results: [passed(github), failed(worker)]), at: start.wall)
            .applied(report(.smokeTests, at: 0, results: [passed(nil)]), at: start.wall)
        #expect(snapshot.lastRuns(for: .viewer).map(\.kind) == ["smoke_tests"])
        #expect(snapshot.lastRuns(for: .editor).map(\.kind) == ["diagnostics", "smoke_tests"])
        #expect(Samples.render(snapshot, role: .viewer).envelope.lastRuns.count == 1)
        let definition = Samples.definition([github, worker], hidden: hidden)
        let redefined = snapshot.redefined(from: definition, to: definition, at: start)
        #expect(redefined.lastRuns(for: .viewer).map(\.kind) == ["smoke_tests"])
    }

    @Test("runs that a store kept are known again, the newest of each kind of this project")
    func restored() throws {
        let project = Samples.project([github, worker], hidden: [worker: [.viewer]])
        let stored = { (kind: String, seconds: Double, keys: [ItemKey], id: ProjectID) in
            StoredRun(
                project: id, id: "", run: RunRecord(kind: kind, at: start.after(seconds).wall, passed: true), keys: keys
            )
        }
        let id = project.projectID
        let snapshot = project.restoring(runs: [
            stored("diagnostics", 3, [worker], id), stored("diagnostics", 1, [], id), stored("smoke_tests", 2, [], id),
            stored("smoke_tests", 9, [], try #require(ProjectID("another"))),
        ])
        #expect(snapshot.lastRuns(for: .owner).map(\.at) == [start.after(3).wall, start.after(2).wall])
        #expect(snapshot.lastRuns(for: .viewer).map(\.kind) == ["smoke_tests"])
        // A store that has lost them gets them again.
        #expect(project.restoring(runs: snapshot.storedRuns) == snapshot)
    }
}

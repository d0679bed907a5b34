import StatusCore
import StatusModel
import Testing

@Suite("What is news")
struct ChangesTests {
    private let start = Samples.start
    private let github = Samples.github
    private let known = Samples.project([Samples.github, Samples.vercel])
        .applied(reading: Samples.reading(), for: Samples.github, at: Samples.start)

    private func changes(
        from old: ProjectSnapshot, announcedAt: Moment? = nil, to new: ProjectSnapshot, role: Role = .owner,
        now: Moment = Samples.start.after(15)
    ) -> [ItemKey] {
        ProjectSnapshot.contentChanges(from: old, announcedAt: announcedAt, to: new, now: now)[role.index]
    }

    @Test("a confirmed reading is no news, another status or push is")
    func content() {
        let again = known.applied(reading: Samples.reading(at: start.after(15)), for: github, at: start.after(15))
        #expect(changes(from: known, to: again).isEmpty)
        let pushed = Samples.reading(at: start.after(15), pushed: .zero)
        #expect(changes(from: known, to: known.applied(reading: pushed, for: github, at: start.after(15))) == [github])
        let failed = again.applied(failure: Samples.failure(), for: github, at: start.after(15))
        #expect(changes(from: again, to: failed) == [github])
        #expect(changes(from: failed, to: failed.applied(failure: Samples.failure(), for: github, at: start)).isEmpty)
    }

    @Test("items are named in order, and one that came or went is among them")
    func comingAndGoing() {
        let without = Samples.project([github])
        let with = Samples.project([.service("worker"), Samples.vercel, github])
        #expect(changes(from: without, to: with) == [Samples.vercel, .service("worker")])
        #expect(changes(from: with, to: without) == [Samples.vercel, .service("worker")])
    }

    @Test("what is hidden from a role neither comes nor goes for it")
    func hiddenComingAndGoing() {
        let without = Samples.project([github])
        let with = Samples.project([github, .service("worker")], hidden: [.service("worker"): [.viewer]])
        for role in [Role.viewer, .editor] {
            let told: [ItemKey] = role == .viewer ? [] : [.service("worker")]
            #expect(changes(from: without, to: with, role: role) == told)
            #expect(changes(from: with, to: without, role: role) == told)
        }
    }

    @Test("a status that turned by the passing of time is news since the last announcement")
    func timePasses() {
        var reading = Samples.reading()
        reading.status = StatusTimeline(.connected, turns: [.init(at: start.after(10).wall, to: .warning)])
        let quiet = known.applied(reading: reading, for: github, at: start)
        #expect(changes(from: quiet, to: quiet).isEmpty)
        #expect(changes(from: quiet, announcedAt: start, to: quiet) == [github])
        #expect(changes(from: quiet, announcedAt: start.after(10), to: quiet).isEmpty)
    }

    @Test("what a role cannot see is no news to it")
    func invisible() {
        var renamed = known
        renamed.items[0].reading?.label?.full = "octo-org/renamed"
        renamed.items[0].reading?.summary.parts[0] = .restricted("Linked to trunk", generic: "Linked")
        #expect(changes(from: known, to: renamed, role: .editor) == [github])
        #expect(changes(from: known, to: renamed, role: .viewer).isEmpty)
        var explained = known
        explained.items[0].reading?.summary.parts.append(.restricted("by octocat", generic: ""))
        #expect(changes(from: known, to: explained, role: .editor) == [github])
        #expect(changes(from: known, to: explained, role: .viewer).isEmpty)
        var hidden = renamed
        hidden.hidden = [github: [.editor]]
        var before = known
        before.hidden = hidden.hidden
        #expect(changes(from: before, to: hidden, role: .editor).isEmpty)
        #expect(changes(from: known, to: hidden, role: .editor) == [github])
    }

    @Test("what was being read when the daemon was killed is news with its next reading, once, and only to who sees it")
    func toldAnew() throws {
        var record = try #require(known.record(of: github))
        record.attemptStartedAt = start.after(5)
        let restored = Samples.project([Samples.github, Samples.vercel], hidden: [github: [.editor]])
            .restored(from: [StoredItem(project: known.projectID, record: record)], at: start.after(10))
        #expect(changes(from: restored, to: restored).isEmpty)
        let failed = restored.applied(failure: Samples.failure(.timeout, cause: .provider), for: github, at: start)
        let read = failed.applied(reading: Samples.reading(at: start.after(15)), for: github, at: start.after(15))
        let known = restored.applied(reading: Samples.reading(at: start.after(15)), for: github, at: start.after(15))
        #expect(changes(from: restored, to: known) == [github])
        #expect(changes(from: restored, to: known, role: .editor).isEmpty)
        #expect(changes(from: failed, to: read) == [github])
        #expect(
            changes(from: known, to: known.applied(reading: Samples.reading(at: start), for: github, at: start)) == [])
    }

    @Test("a milestone is an event when it advances, not when it is first seen")
    func milestones() {
        let at = { (seconds: Double) -> ProjectSnapshot in
            var reading = Samples.reading(at: start.after(seconds))
            reading.milestones = [Milestone(kind: "github:push", at: start.after(seconds).wall, message: "Pushed")]
            return known.applied(reading: reading, for: github, at: start.after(seconds))
        }
        let kinds = { (old: ProjectSnapshot, new: ProjectSnapshot, role: Role) in
            ProjectSnapshot.advancedMilestones(from: old, to: new, role: role).map(\.milestone.kind)
        }
        #expect(kinds(at(1), at(2), .viewer) == ["github:push"])
        #expect(kinds(known, at(2), .viewer) == ["github:push"], "the first push of a repository that was known")
        #expect(kinds(at(1), at(1), .viewer).isEmpty)
        #expect(kinds(at(2), at(1), .viewer).isEmpty)
        #expect(kinds(Samples.project(), at(2), .viewer).isEmpty, "the first reading")
        var hidden = at(2)
        hidden.hidden = [github: [.viewer]]
        #expect(kinds(at(1), hidden, .viewer).isEmpty)
        #expect(kinds(at(1), hidden, .owner) == ["github:push"])
    }

    @Test(
        "an item is news to a role exactly when its content reads differently",
        arguments: 1...300 as ClosedRange<UInt64>)
    func news(seed: UInt64) {
        var random = RandomProject(seed: seed)
        let old = random.snapshot(hidden: [Samples.vercel: [.viewer]])
        let new = random.next(after: old)
        let now = Samples.start
        for announcedAt in [now, random.moment()] {
            for role in Role.allCases {
                let before = contents(of: old, role, announcedAt)
                let after = contents(of: new, role, now)
                let expected = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
                let found = changes(from: old, announcedAt: announcedAt, to: new, role: role, now: now)
                #expect(found == expected, "seed \(seed), \(role)")
            }
        }
    }

    private func contents(of snapshot: ProjectSnapshot, _ role: Role, _ now: Moment) -> [ItemKey: [UInt8]] {
        var contents: [ItemKey: [UInt8]] = [:]
        for record in snapshot.items + snapshot.services {
            contents[record.key] = CanonicalForm.content(of: snapshot.view(of: record, role: role, now: now))
        }
        return contents
    }
}

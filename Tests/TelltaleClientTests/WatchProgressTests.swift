import StatusModel
import TelltaleClient
import TestSupport
import Testing

@Suite("How far the reader of a watch has come")
struct WatchProgressTests {
    private func progress(_ projects: [String] = [], at position: EventID? = nil) throws -> WatchProgress {
        WatchProgress(projects: try projects.map { try Sample.project($0) }, position: position)
    }

    private func snapshot(_ name: String, _ sequence: UInt64, epoch: UInt64 = 7) throws -> WatchMessage {
        .snapshot(try Sample.envelope(name), asOf: Sample.id(sequence, epoch: epoch))
    }

    private func event(_ sequence: UInt64, _ name: String = "a") throws -> WatchMessage {
        .event(try Sample.event(sequence, name))
    }

    /// Plays one stream, and gives what the reader is told.
    private func play(_ messages: WatchMessage..., into progress: inout WatchProgress) -> [StatusUpdate] {
        progress.opened()
        return messages.flatMap { progress.take($0) }
    }

    @Test("an event that it was given already is not given again")
    func repeated() throws {
        var progress = try progress(at: Sample.id(4))
        let news = play(try event(4), try event(5), try event(5), try event(3), try event(6), into: &progress)
        #expect(news == [.event(try Sample.event(5, "a")), .event(try Sample.event(6, "a"))])
        #expect(progress.position == Sample.id(6))
    }

    @Test("nor one that its project's snapshot holds already, while that of another project comes")
    func held() throws {
        var progress = try progress(["a", "b"])
        let news = play(
            try snapshot("a", 9), try snapshot("b", 11), try event(10, "b"), try event(11, "a"), try event(12, "b"),
            into: &progress)
        #expect(
            news.dropFirst(2) == [.event(try Sample.event(11, "a")), .event(try Sample.event(12, "b"))])
    }

    @Test("a heartbeat from before what it was given is none")
    func lateHeartbeat() throws {
        var progress = try progress(at: Sample.id(4))
        let zero = UnixTime(seconds: 0)
        #expect(play(.heartbeat(Sample.id(3), at: zero), into: &progress) == [])
        #expect(
            play(.heartbeat(Sample.id(4), at: zero), into: &progress) == [.heartbeat(Sample.id(4), at: zero)])
        #expect(progress.position == Sample.id(4))
    }

    @Test("the end of an epoch leads into the next one")
    func nextEpoch() throws {
        var progress = try progress(at: Sample.id(4))
        var first = try Sample.event(1, "a")
        first.id.epoch = 8
        #expect(play(.event(first), into: &progress) == [.event(first)])
        #expect(progress.position == Sample.id(1, epoch: 8))
    }

    @Test("snapshots that broke off and come anew say what was lost between the two, so that what went is forgotten")
    func brokenSnapshots() throws {
        var progress = try progress()
        _ = play(try snapshot("a", 5), into: &progress)
        #expect(progress.position == nil)
        let news = play(try snapshot("b", 9), try snapshot("c", 9), into: &progress)
        let lost = WatchReset(
            reason: .truncated, lostFrom: 6, lostTo: 9, resumeFrom: Sample.id(9), lostCount: 4, hasMoreItems: true)
        #expect(news.count == 3 && news.first == .reset(lost))
    }

    @Test("and say nothing of it when nothing happened meanwhile")
    func unchangedSnapshots() throws {
        var progress = try progress()
        _ = play(try snapshot("a", 5), into: &progress)
        #expect(play(try snapshot("a", 5), try snapshot("b", 5), into: &progress).count == 2)
    }

    @Test("where every project has gone meanwhile, the reader hears of it with the first thing that comes")
    func nothingLeft() throws {
        var progress = try progress()
        _ = play(try snapshot("a", 5), into: &progress)
        let news = play(.heartbeat(Sample.id(2, epoch: 9), at: UnixTime(seconds: 0)), into: &progress)
        #expect(news.count == 2)
        guard case .reset(let reset) = news.first else {
            Issue.record("\(news)")
            return
        }
        #expect(reset.reason == .epoch && reset.resumeFrom == Sample.id(2, epoch: 9))
    }

    @Test("a reset that is followed by its own snapshots is told once, also when they have to come again")
    func resetOnce() throws {
        var progress = try progress(at: Sample.id(1))
        let reset = WatchReset(reason: .truncated, lostFrom: 2, lostTo: 8, resumeFrom: Sample.id(8))
        #expect(play(.reset(reset), try snapshot("a", 8), into: &progress).first == .reset(reset))
        #expect(progress.position == nil)
        let again = play(try snapshot("a", 8), try snapshot("b", 8), try event(9), into: &progress)
        #expect(again.count == 3)
        #expect(again.last == .event(try Sample.event(9, "a")))
        #expect(progress.position == Sample.id(9))
    }

    @Test(
        "a daemon that drains has sent all; one that cuts a slow reader off between two snapshots has not",
        arguments: [(WatchEndReason.draining, Sample.id(5)), (.slowConsumer, nil)] as [(WatchEndReason, EventID?)])
    func goingAway(_ reason: WatchEndReason, _ expected: EventID?) throws {
        var progress = try progress()
        let news = play(
            try snapshot("a", 5), .goingAway(resumeFrom: Sample.id(5), retryAfter: .zero, because: reason),
            into: &progress)
        #expect(news.count == 1)
        #expect(progress.position == expected)
    }

    @Test("either brings a reader that has a place to where it says, and neither back nor to nowhere")
    func goingAwayWithPlace() throws {
        for reason in WatchEndReason.allCases {
            var progress = try progress(at: Sample.id(4))
            _ = play(.goingAway(resumeFrom: Sample.id(6), retryAfter: .zero, because: reason), into: &progress)
            #expect(progress.position == Sample.id(6))
            for place in [Sample.id(5), Sample.id(0, epoch: 0)] {
                _ = play(.goingAway(resumeFrom: place, retryAfter: .zero, because: reason), into: &progress)
                #expect(progress.position == Sample.id(6))
            }
        }
    }
}

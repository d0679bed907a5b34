import StatusCore
import StatusModel
import Testing

@Suite("The reader's contract")
struct ReaderDecisionTests {
    private let start = Samples.start

    /// Content of `start`, whose time to live ends after 15 s.
    private var known: RenderedView {
        Samples.render(
            Samples.project().applied(
                reading: Samples.reading(), for: Samples.github, at: start, nextAttemptAt: start.after(15)))
    }

    private func decide(
        _ view: RenderedView, after seconds: Double, mode: ReadingMode = .cached, maxAge: Double? = nil,
        maxWait: Double? = nil, maxStale: Double? = nil, progress: RefreshProgress = RefreshProgress()
    ) -> ReaderDecision {
        let contract = ReadersContract(
            maxAge: maxAge.map { .seconds($0) }, maxWait: maxWait.map { .seconds($0) },
            maxStale: maxStale.map { .seconds($0) })
        return ReaderDecision.decide(
            on: view, contract: contract, mode: mode, progress: progress, now: start.after(seconds).instant)
    }

    @Test("a hit within its time to live needs nothing, a stale one a refresh behind it")
    func cached() {
        #expect(decide(known, after: 14.9) == .answer(.hit))
        #expect(decide(known, after: 15) == .answerAndRefresh(.stale))
        #expect(decide(known, after: 1_000_000) == .answerAndRefresh(.stale))
        #expect(decide(known, after: 100, maxWait: 5) == .answerAndRefresh(.stale))
    }

    @Test("a project that was never read waits 400 ms, or as long as the caller says")
    func neverRead() {
        let view = Samples.render(Samples.project())
        #expect(decide(view, after: 0) == .waitForRefresh(atMost: .milliseconds(400)))
        #expect(decide(view, after: 0, maxWait: 0.2) == .waitForRefresh(atMost: .milliseconds(200)))
        #expect(decide(view, after: 0, maxWait: 9999) == .waitForRefresh(atMost: .seconds(30)))
        #expect(decide(view, after: 0, maxWait: 0) == .answerAndRefresh(.checking))
        #expect(decide(view, after: 0, maxWait: -1) == .answerAndRefresh(.checking))
        #expect(decide(view, after: 0, maxStale: 0) == .waitForRefresh(atMost: .milliseconds(400)))
    }

    @Test("a read never waits for the missing items while others are known")
    func partlyKnown() {
        let snapshot = Samples.project([Samples.github, Samples.vercel])
            .applied(reading: Samples.reading(), for: Samples.github, at: start, nextAttemptAt: start.after(15))
        #expect(decide(Samples.render(snapshot), after: 1) == .answerAndRefresh(.stale))
        #expect(
            decide(Samples.render(snapshot), after: 1, mode: .preferFresh)
                == .waitForRefresh(atMost: .milliseconds(2500)))
    }

    @Test("a project without any link has nothing to wait for", arguments: ReadingMode.allCases)
    func unconfigured(mode: ReadingMode) {
        #expect(decide(Samples.render(Samples.project([])), after: 0, mode: mode, maxStale: 0) == .answer(.hit))
    }

    @Test("content over max_age starts a refresh, and is waited for only if max_wait says so")
    func maxAge() {
        #expect(decide(known, after: 5, maxAge: 5) == .answer(.hit))
        #expect(decide(known, after: 5.1, maxAge: 5) == .answerAndRefresh(.stale))
        #expect(decide(known, after: 5.1, maxAge: 5, maxWait: 1) == .waitForRefresh(atMost: .seconds(1)))
        #expect(decide(known, after: 5.1, maxAge: 5, maxWait: 0) == .answerAndRefresh(.stale))
    }

    @Test("content over max_stale is withheld, after waiting if the caller would")
    func maxStale() {
        #expect(decide(known, after: 60, maxStale: 60) == .answerAndRefresh(.stale))
        #expect(decide(known, after: 61, maxStale: 60) == .refuseTooOld(age: .seconds(61)))
        #expect(decide(known, after: 61, maxWait: 2, maxStale: 60) == .waitForRefresh(atMost: .seconds(2)))
        #expect(
            decide(known, after: 61, mode: .preferFresh, maxStale: 60) == .waitForRefresh(atMost: .milliseconds(2500)))
        #expect(
            decide(known, after: 61, mode: .preferFresh, maxWait: 0, maxStale: 60) == .refuseTooOld(age: .seconds(61)))
    }

    @Test("prefer_fresh waits for a refresh once one is due, 2.5 s unless told")
    func preferFresh() {
        #expect(decide(known, after: 10, mode: .preferFresh) == .answer(.hit))
        #expect(decide(known, after: 16, mode: .preferFresh) == .waitForRefresh(atMost: .milliseconds(2500)))
        #expect(decide(known, after: 16, mode: .preferFresh, maxWait: 60) == .waitForRefresh(atMost: .seconds(30)))
        #expect(decide(known, after: 16, mode: .preferFresh, maxWait: 0) == .answerAndRefresh(.stale))
    }

    @Test(
        "force refreshes now, but not twice within a second",
        arguments: [
            (nil, false, .waitForRefresh(atMost: .milliseconds(2500))),
            (-1, false, .waitForRefresh(atMost: .milliseconds(2500))),
            (-0.5, false, .answer(.hit)),
            (-0.5, true, .waitForRefresh(atMost: .milliseconds(2500))),
        ] as [(Double?, Bool, ReaderDecision)])
    func force(startedAt: Double?, isRunning: Bool, expected: ReaderDecision) {
        let progress = RefreshProgress(
            startedAt: startedAt.map { start.after(5 + $0).instant }, isRunning: isRunning)
        #expect(decide(known, after: 5, mode: .force, progress: progress) == expected)
    }

    @Test("a refresh that the provider forbids for now is not started", arguments: [ReadingMode.cached, .preferFresh])
    func throttled(mode: ReadingMode) {
        let snapshot = Samples.project()
            .applied(reading: Samples.reading(), for: Samples.github, at: start, nextAttemptAt: start.after(15))
            .applied(
                failure: Samples.throttled, for: Samples.github, at: start.after(16), nextAttemptAt: start.after(600))
        let view = Samples.render(snapshot, at: start.after(16))
        #expect(decide(view, after: 20, mode: mode) == .answer(.stale))
    }

    @Test("after a wait the answer says what came of it, and max_stale still holds")
    func afterWait() {
        let after = { (view: RenderedView, seconds: Double, source: AnswerSource?, maxStale: Duration?) in
            ReaderDecision.afterWait(
                view, contract: ReadersContract(maxStale: maxStale), source: source, now: start.after(seconds).instant)
        }
        #expect(after(known, 1, .fetched, nil) == .answer(.fetched))
        #expect(after(known, 1, .collapsed, .seconds(2)) == .answer(.collapsed))
        #expect(after(known, 20, nil, nil) == .answer(.stale))
        #expect(after(known, 20, nil, .seconds(10)) == .refuseTooOld(age: .seconds(20)))
        #expect(after(Samples.render(Samples.project()), 1, nil, nil) == .answer(.checking))
    }
}

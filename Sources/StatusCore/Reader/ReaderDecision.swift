package import StatusModel

/// What a read gets (SPEC §3): a function of what the board knows and what the caller asks for.
package enum ReaderDecision: Hashable, Sendable {
    /// Answer at once; nothing needs to be read.
    case answer(AnswerSource)
    /// Answer at once and start a refresh behind the answer, unless one runs.
    case answerAndRefresh(AnswerSource)
    /// Join the running refresh or start one, and answer when it has ended or the time is over, as ``afterWait`` says.
    case waitForRefresh(atMost: Duration)
    /// Withhold the value, `UNAVAILABLE`: it is older than the caller's `max_stale`. A refresh starts behind it.
    case refuseTooOld(age: Duration)
}

/// The numbers of the reader's contract.
package struct ReaderPolicy: Hashable, Sendable {
    /// How long a read waits for a project of which nothing is known, if the caller did not say.
    package var firstWait: Duration = .milliseconds(400)
    /// How long `prefer_fresh` and `force` wait if the caller did not say: the deadline of the adapters.
    package var freshWait: Duration = .milliseconds(2500)
    /// No caller waits for longer.
    package var waitMax: Duration = .seconds(30)
    /// A project that began a refresh within this time is not forced into another.
    package var forceInterval: Duration = .seconds(1)

    package init() {}
}

/// The newest refresh of a project, as far as a read has to know it.
package struct RefreshProgress: Hashable, Sendable {
    /// When it started; nil before the first.
    package var startedAt: ContinuousClock.Instant?
    /// Whether it still runs.
    package var isRunning: Bool

    package init(startedAt: ContinuousClock.Instant? = nil, isRunning: Bool = false) {
        self.startedAt = startedAt
        self.isRunning = isRunning
    }
}

extension ReaderDecision {
    /// Decides a read.
    ///
    /// - Parameters:
    ///   - view: What the board knows, for the caller's role.
    ///   - contract: What the caller asks.
    ///   - mode: How ready it is to wait.
    ///   - progress: The project's newest refresh.
    ///   - now: The moment of the call.
    ///   - policy: Defaults and bounds.
    /// - Returns: What to do.
    package static func decide(
        on view: RenderedView, contract: ReadersContract, mode: ReadingMode, progress: RefreshProgress,
        now: ContinuousClock.Instant, policy: ReaderPolicy = ReaderPolicy()
    ) -> Self {
        guard view.isChecking || view.oldestReadingAt != nil else { return .answer(.hit) }
        let age = view.age(at: now)
        let isTooOld = isOver(contract.maxStale, age)
        guard let wait = waitWanted(for: view, isTooOld: isTooOld, contract, mode, progress, now, policy) else {
            return isTooOld ? .refuseTooOld(age: age) : .answer(view.source(at: now))
        }
        if wait > .zero { return .waitForRefresh(atMost: min(wait, policy.waitMax)) }
        if isTooOld { return .refuseTooOld(age: age) }
        return .answerAndRefresh(view.oldestReadingAt == nil ? .checking : .stale)
    }

    /// How long the read waits for a refresh, zero to have it run behind the answer; nil when what is known will do.
    private static func waitWanted(
        for view: RenderedView, isTooOld: Bool, _ contract: ReadersContract, _ mode: ReadingMode,
        _ progress: RefreshProgress, _ now: ContinuousClock.Instant, _ policy: ReaderPolicy
    ) -> Duration? {
        let freshWait = contract.maxWait ?? policy.freshWait
        if mode == .force {
            let isRecent = progress.startedAt.map { $0.duration(to: now) < policy.forceInterval } ?? false
            return isRecent && !progress.isRunning ? nil : freshWait
        }
        if view.oldestReadingAt == nil { return contract.maxWait ?? policy.firstWait }
        let isOverAge = isTooOld || isOver(contract.maxAge, view.age(at: now))
        let isDue = view.refreshDueAt.map { $0 <= now } ?? false
        guard isOverAge || isDue else { return nil }
        switch mode {
        case .preferFresh, .force: return freshWait
        case .cached: return isOverAge ? contract.maxWait ?? .zero : .zero
        }
    }

    /// What a read gets that waited, by the view as it is then.
    ///
    /// - Parameters:
    ///   - view: What the board knows now.
    ///   - contract: What the caller asked.
    ///   - source: `fetched` or `collapsed` if the refresh ended in time; nil if it runs on.
    ///   - now: The moment of answering.
    /// - Returns: `answer` or `refuseTooOld`, never another wait.
    package static func afterWait(
        _ view: RenderedView, contract: ReadersContract, source: AnswerSource?, now: ContinuousClock.Instant
    ) -> Self {
        let age = view.age(at: now)
        if isOver(contract.maxStale, age) { return .refuseTooOld(age: age) }
        if let source { return .answer(source) }
        return .answer(view.oldestReadingAt == nil ? .checking : .stale)
    }

    private static func isOver(_ limit: Duration?, _ age: Duration) -> Bool {
        limit.map { age > $0 } ?? false
    }
}

extension RenderedView {
    /// The age of the oldest content; zero while nothing is known.
    package func age(at now: ContinuousClock.Instant) -> Duration {
        oldestReadingAt.map { max(.zero, $0.duration(to: now)) } ?? .zero
    }

    /// What an answer from the board alone is: checking while nothing is known, stale once a time to live is over.
    package func source(at now: ContinuousClock.Instant) -> AnswerSource {
        guard oldestReadingAt != nil else { return isChecking ? .checking : .hit }
        return isChecking || expiresAt.map { $0 <= now } ?? false ? .stale : .hit
    }
}

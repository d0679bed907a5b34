package import StatusModel

/// One item as one role sees it at one moment, with the facts behind its words and the time until which it is true.
package struct ItemView: Hashable, Sendable {
    package var status: IntegrationStatus
    /// What the summary is made of.
    package var summary: SummaryFacts = SummaryFacts([])
    /// What each environment's summary is made of, in the order of `status.environments`.
    package var environments: [SummaryFacts] = []
    /// When what it says was learnt: the reading's time, or that of the failure shown in its place. Nil while it is
    /// not configured, or still being checked.
    package var learntAt: Moment?
    /// The first instant at which it reads differently by the mere passing of time.
    package var changesAt: ContinuousClock.Instant?

    /// Whether it is linked and nothing at all is known of it yet: no reading and no failure.
    package var isChecking: Bool { status.configured && learntAt == nil }

    /// Renders the record.
    ///
    /// - Parameters:
    ///   - record: What is known.
    ///   - isHidden: Whether policy hides the item from the role; it then keeps its place and says nothing.
    ///   - role: Who reads it.
    ///   - now: The moment of reading.
    ///   - policy: The numbers of SPEC §2.
    package init(
        of record: ItemRecord, isHidden: Bool, role: Role, now: Moment, policy: ViewPolicy = ViewPolicy()
    ) {
        status = IntegrationStatus(key: record.key)
        guard !isHidden else {
            status.visible = false
            status.configuredReason = .hiddenByPolicy
            return
        }
        status.configuredReason = record.link.configuredReason
        status.configured = status.configuredReason == nil
        status.lastRunAt = record.lastRunAt
        if status.configured {
            show(record, redaction: Redaction(for: role), now: now, policy: policy)
        } else {
            say(record.link.plainWords)
        }
        status.actions = ActionOffers.offers(for: status, role: role)
    }

    /// Chooses what stands for the item: the last reading, the failure that replaces it, or neither as yet.
    private mutating func show(_ record: ItemRecord, redaction: Redaction, now: Moment, policy: ViewPolicy) {
        if let label = record.reading?.label { status.label = redaction.label(label) }
        if let reading = record.shownReading {
            show(reading, redaction: redaction, now: now)
            status.stale = record.failure != nil
            dated(reading.observedAt, dueAt: record.dueAt, now: now, policy: policy)
        } else if let failure = record.failure {
            status.status = .error
            say(failure.failure.code.plainWords(for: record.key))
            // A refusal is the provider's answer, so it has a time of its own; silence is no answer.
            // It does not age by being met again; only one that was not heard anew for long is stale.
            if failure.failure.isRefusal {
                dated(failure.lastSeenAt, dueAt: nil, now: now, policy: policy)
            }
        } else {
            // Not a warning, for nothing is wrong: `disconnected` ranks below all that is known of other items.
            say("Checking…")
        }
        let latencies = record.shownLatencies
        status.samples = latencies.count
        status.latency = LatencySummary(samples: latencies)
        learntAt = record.shownReading?.observedAt ?? record.failure?.lastSeenAt
        if let failure = record.failure {
            attach(failure, nextAttemptAt: record.nextAttemptAt, redaction: redaction, now: now, policy: policy)
        }
    }

    private mutating func show(_ reading: Reading, redaction: Redaction, now: Moment) {
        status.status = reading.status.status(at: now.wall)
        summary = redaction.facts(reading.summary)
        status.summary = render(summary, now: now)
        changes(at: reading.status.nextTurn(after: now.wall), now: now)
        for environment in reading.environments {
            let facts = redaction.facts(environment.summary)
            environments.append(facts)
            status.environments.append(
                EnvironmentStatus(
                    name: environment.name, status: environment.status.status(at: now.wall),
                    summary: render(facts, now: now), url: redaction.url(environment.url),
                    lastDeployAt: environment.lastDeployAt))
            changes(at: environment.status.nextTurn(after: now.wall), now: now)
        }
        if let problem = reading.problem {
            status.problem = Problem(
                code: problem.code, cause: problem.cause, hint: redaction.hint(problem.hint, for: problem.code))
        }
    }

    /// Content of `moment`: how fresh it is, and whether it is stale by age or because its refresh is overdue.
    private mutating func dated(_ moment: Moment, dueAt: Moment?, now: Moment, policy: ViewPolicy) {
        let age = now.age(since: moment)
        status.updatedAt = moment.wall(asOf: now)
        status.freshness = Freshness(age: age, policy: policy)
        changes(at: Freshness.nextChange(of: moment.instant, after: now.instant, policy: policy))
        let overdueAt = dueAt.map { $0.instant.firstInstant(over: policy.overdueGrace) }
        let isOverdue = overdueAt.map { $0 <= now.instant } ?? false
        status.stale = status.stale || isOverdue || age > policy.ageingAfter
        if !status.stale { changes(at: overdueAt) }
    }

    /// Puts the failure beside what is known. Throttling leaves the status alone for two minutes, and is a warning
    /// after that, or when there is nothing it could leave alone (SPEC §2).
    private mutating func attach(
        _ record: FailureRecord, nextAttemptAt: Moment?, redaction: Redaction, now: Moment, policy: ViewPolicy
    ) {
        let failure = record.failure
        status.problem = Problem(
            code: failure.code, cause: failure.cause, hint: redaction.hint(failure.hint, for: failure.code),
            retryAfter: failure.retryAfter, firstSeenAt: record.firstSeenAt.wall(asOf: now),
            attempts: record.attempts, nextAttemptAt: nextAttemptAt?.wall(asOf: now))
        guard record.isThrottled else { return }
        let warnsAt = record.firstSeenAt.instant.advanced(by: policy.throttlingTransparentFor)
        let warning = status.freshness == .never ? .warning : status.status.worse(.warning)
        if status.freshness == .never || warnsAt <= now.instant {
            status.status = warning
        } else if status.status != warning {
            changes(at: warnsAt)
        }
    }

    private mutating func say(_ words: String) {
        summary = SummaryFacts([.text(words)])
        status.summary = words
    }

    private mutating func render(_ facts: SummaryFacts, now: Moment) -> String {
        let (words, changesAt) = facts.rendered(at: now.wall)
        changes(at: changesAt, now: now)
        return words
    }

    private mutating func changes(at time: UnixTime?, now: Moment) {
        changes(at: time.map { now.instant(of: $0) })
    }

    private mutating func changes(at instant: ContinuousClock.Instant?) {
        guard let instant else { return }
        changesAt = min(changesAt ?? instant, instant)
    }
}

extension ItemRecord {
    /// The reading that is shown: a refusal takes its place, silence and throttling leave it there.
    package var shownReading: Reading? {
        failure?.failure.isRefusal == true ? nil : reading
    }

    /// What the figures rest on: the samples of the reading and those of reported runs. A refusal takes their place too.
    var shownLatencies: [Duration] {
        failure?.failure.isRefusal == true ? [] : (reading?.latencies ?? []) + runLatencies
    }
}

extension FailureRecord {
    /// Throttling is neither failure nor success, whatever disposition an adapter gave it (SPEC §4).
    package var isThrottled: Bool { failure.isThrottled }
}

extension ProviderFailure {
    /// The provider has answered, and the answer is no: it takes the place of what was known.
    package var isRefusal: Bool { disposition == .replaces && !isThrottled }

    /// The provider would answer, if it were asked less often.
    package var isThrottled: Bool { cause == .throttled || code == .rateLimited }
}

extension ItemRecord.LinkState {
    fileprivate var configuredReason: ConfiguredReason? {
        switch self {
        case .linked: nil
        case .notLinked, .lacksCredential: .notLinked
        case .disabled: .disabled
        case .revoked: .revoked
        }
    }

    fileprivate var plainWords: String {
        switch self {
        case .linked: ""
        case .notLinked: "Not linked"
        case .lacksCredential: "No credential"
        case .disabled: "Switched off"
        case .revoked: "Link revoked"
        }
    }
}

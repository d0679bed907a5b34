import StatusModel

// The sentences. They name the provider or the service, and of anything else only what the view says.
extension Explanation {
    private var name: String { record.key.displayName }

    var whyNotConfigured: String {
        switch record.link {
        case .linked, .notLinked: "Nothing is linked, so nothing is read."
        case .lacksCredential: "\(name) answers nobody without a credential, and the link names none."
        case .disabled: "The link is switched off, so nothing is read."
        case .revoked: "The link was revoked, so nothing is read."
        }
    }

    /// What the status rests on, and how old that is.
    var basis: String {
        if let reading = record.shownReading {
            let words = view.status.summary.isEmpty ? "" : ": \(view.status.summary)"
            let start = isWell ? "Nothing is wrong; the" : "The"
            return "\(start) status rests on what \(name) answered \(ago(reading.observedAt))\(words)."
        }
        if record.failure == nil { return "Nothing is known of \(name) yet; it has not been read." }
        return record.reading == nil
            ? "\(name) has not given its status yet, so the failure stands for it."
            : "The failure stands in the place of what \(name) answered before."
    }

    private var isWell: Bool {
        view.status.status == .connected && view.status.problem == nil && !view.status.stale
    }

    /// What is wrong, since when, and whose fault it is.
    var trouble: [String] {
        guard let problem = view.status.problem else { return [staleness].compactMap { $0 } }
        let hint = Self.sentence(problem.hint)
        guard let failure = record.failure else {
            return ["Its answer tells of a problem (\(problem.code.rawValue)): \(hint)", cause(problem.cause)]
        }
        let newest = ago(failure.lastSeenAt)
        let attempts =
            failure.attempts > 1
            ? "\(failure.attempts) attempts in a row have failed since \(ago(failure.firstSeenAt)), the newest \(newest)"
            : "The newest attempt failed \(newest)"
        return ["\(attempts) (\(problem.code.rawValue)): \(hint)", cause(problem.cause)]
    }

    private func cause(_ cause: ProblemCause) -> String {
        switch cause {
        case .provider: "The cause lies with \(name): it is down or answers nonsense."
        case .refused: "\(name) refuses us: the credential, a permission, or the link itself."
        case .throttled: "\(name) throttles us, which is no failure: it would answer if it were asked less often."
        case .host:
            "The cause lies with this host: network, name resolution, trust store, clock, disk or configuration."
        }
    }

    /// Why it counts as stale though nothing has failed.
    private var staleness: String? {
        guard view.status.stale else { return nil }
        guard let dueAt = record.dueAt, dueAt.instant < now.instant else { return "By its age it counts as stale." }
        return "A refresh has been due since \(ago(dueAt)), so it counts as stale."
    }

    /// What keeps the next attempt from being made at once.
    var holds: [String] {
        var holds: [String] = []
        if record.isSuspended {
            holds.append("It is not tried again by itself before its secret changes, which is noticed within a second.")
        } else if record.failure?.failure.isRefusal == true {
            holds.append("A refusal is mended by a person alone, so it is tried again less often.")
        }
        if let blockedUntil {
            let rest = left(until: blockedUntil)
            holds.append("\(name) wants no request for \(rest) more, not even one that somebody forces.")
        }
        switch circumstances.breaker.state {
        case .closed: break
        case .open:
            let rest = breakerOpenUntil.map { " for \(left(until: $0)) more" } ?? ""
            holds.append(
                "\(name) keeps failing, so requests are held back\(rest) (its circuit breaker is open); "
                    + "then one goes through as a trial.")
        case .halfOpen:
            holds.append(
                "One trial request at a time finds out whether \(name) is back (its circuit breaker is half open).")
        }
        return holds + [disuse].compactMap { $0 }
    }

    /// Why nobody reads it by itself, where that is so because nobody asks.
    private var disuse: String? {
        guard plannedAt == nil, !record.isSuspended else { return nil }
        let policy = circumstances.policy
        let (limit, others) =
            circumstances.demand == .forgotten
            ? (policy.forgottenAfter, "") : (policy.recentlyReadFor, " and nobody watches anything")
        return "Nobody has asked for the project in the last \(AgeText.words(for: limit))\(others), "
            + "so it is read again when somebody does."
    }

    /// When it is read next.
    var outlook: String? {
        if circumstances.isBeingRead { return "It is being read at this moment." }
        guard let plannedAt else { return nil }
        return "The next attempt is \(AgeText.after(now.instant.duration(to: plannedAt)))."
    }

    private func ago(_ moment: Moment) -> String {
        let age = now.age(since: moment)
        return age < .seconds(1) ? "just now" : "\(AgeText.words(for: age)) ago"
    }

    /// Rounded up, so that nothing is promised too early.
    private func left(until instant: ContinuousClock.Instant) -> String {
        AgeText.words(for: now.instant.duration(to: instant) + .milliseconds(999))
    }

    private static func sentence(_ text: String) -> String {
        guard let last = text.last, !".!?".contains(last) else { return text }
        return text + "."
    }
}

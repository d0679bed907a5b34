package import StatusModel

/// What a daemon does with an operation that it finds when it starts.
package enum OperationResumption: Hashable, Sendable {
    /// It is over, be it by this very look.
    case over
    /// Nothing irreversible was sent: it is begun, or begun again.
    case begin
    /// The provider works at it: its end is waited for.
    case follow(handle: String)
}

/// An operation that a start has found, as it is after that look.
package struct ResumedOperation: Hashable, Sendable {
    package var record: OperationRecord
    package var resumption: OperationResumption

    package init(record: OperationRecord, resumption: OperationResumption) {
        self.record = record
        self.resumption = resumption
    }
}

extension OperationRecord {
    /// Decides what becomes of it after a start. What was sent is never sent again (SPEC §7).
    ///
    /// - Parameters:
    ///   - deadline: By when it has to be over.
    ///   - target: What is linked now; nil for nothing.
    ///   - carrier: Who would carry it out now.
    ///   - now: The time of the start.
    /// - Returns: What is to be done with it.
    package mutating func resume(
        before deadline: ContinuousClock.Instant, linking target: Link.Target?, by carrier: OperationCarrier,
        at now: Moment
    ) -> OperationResumption {
        let isLate = deadline <= now.instant
        switch stage {
        case .succeeded, .failed, .unknownOutcome: return .over
        case .recorded:
            guard let failure = isLate ? .notBegun : obstacle(linking: target, by: carrier) else { return .begin }
            fail(failure, at: now)
            return .over
        case .sent:
            fail(.outcomeUnknown(of: item.key), at: now)
            return .over
        case .accepted(let handle):
            guard let failure = isLate ? .stillWorking(item.key) : obstacleToFollowing(on: target) else {
                return .follow(handle: handle)
            }
            fail(failure, at: now)
            return .over
        }
    }

    /// Why it may not be begun any more.
    ///
    /// - Parameters:
    ///   - target: What is linked now; nil for nothing.
    ///   - carrier: Who would carry it out now.
    /// - Returns: The failure; nil where it may be begun.
    package func obstacle(linking target: Link.Target?, by carrier: OperationCarrier) -> ActionFailure? {
        guard footing.holds(target) else { return .linkedOtherwise(item.key) }
        return self.carrier.holds(carrier) ? nil : .carriedOutOtherwise(item.key)
    }

    /// Why nobody can be asked any more how what the provider has taken goes on: whatever else is linked by now knows nothing of
    /// it, and is not to be shown its end.
    ///
    /// - Parameter target: What is linked now; nil for nothing.
    /// - Returns: The end of the operation; nil where it can be followed.
    package func obstacleToFollowing(on target: Link.Target?) -> ActionFailure? {
        guard let target else { return .linkGone(item.key) }
        return footing.holds(target) ? nil : .linkedOtherwiseSince(item.key)
    }
}

extension ActionFailure {
    /// The daemon was down for longer than the action may take.
    static let notBegun = ActionFailure(
        .deadlineExceeded, reason: "NOT_BEGUN",
        OperationWords("The daemon was stopped before it began. Nothing was sent; run it again with a new key."))

    /// What is linked now is not what it was meant for.
    package static func linkedOtherwise(_ key: ItemKey) -> ActionFailure {
        ActionFailure(
            .aborted, reason: "LINK_CHANGED",
            OperationWords(
                "\(key.displayName) was linked differently before this was begun, so nothing was sent. Look at it, and run it "
                    + "again with a new key if you still want to."))
    }

    /// Who would carry it out now is not who was to when it was asked for.
    package static func carriedOutOtherwise(_ key: ItemKey) -> ActionFailure {
        ActionFailure(
            .aborted, reason: "EXECUTOR_CHANGED",
            OperationWords(
                "Whether a local command carries this out for \(key.displayName), or which one, was configured differently before "
                    + "it was begun, so nothing was sent. Look at the configuration, and run it again with a new key if you still "
                    + "want to."))
    }

    /// The daemon died between the sending and the answer.
    static func outcomeUnknown(of key: ItemKey) -> ActionFailure {
        ActionFailure(
            .unknown, reason: "OUTCOME_UNKNOWN",
            OperationWords(
                "The daemon was stopped after this may have been sent and before the answer was kept. It is not run again by "
                    + "itself: look at \(key.displayName) whether it happened, and run it with a new key if it did not."
            ),
            isOutcomeUnknown: true)
    }

    /// The provider has not come to an end in the time that the action has.
    package static func stillWorking(_ key: ItemKey) -> ActionFailure {
        ActionFailure(
            .deadlineExceeded, reason: "STILL_WORKING",
            OperationWords("\(key.displayName) took it and has not finished in time. Look there for its end."),
            isOutcomeUnknown: true)
    }

    /// The time is over before the provider answered.
    package static func timedOut(_ key: ItemKey, isSent: Bool) -> ActionFailure {
        ActionFailure(
            .deadlineExceeded, reason: isSent ? "OUTCOME_UNKNOWN" : "TIMED_OUT",
            OperationWords(
                isSent
                    ? "\(key.displayName) did not answer in time, and may have done it all the same. Look there whether it "
                        + "happened, and run it with a new key if it did not."
                    : "\(key.displayName) did not answer in time. Nothing was changed; run it again with a new key."),
            isOutcomeUnknown: isSent)
    }

    /// The provider took it, and it is not linked any more.
    package static func linkGone(_ key: ItemKey) -> ActionFailure {
        ActionFailure(
            .aborted, reason: "LINK_GONE",
            OperationWords("\(key.displayName) took it and is not linked any more. Look there for its end."),
            isOutcomeUnknown: true)
    }

    /// The provider took it, and something else is linked by now.
    package static func linkedOtherwiseSince(_ key: ItemKey) -> ActionFailure {
        ActionFailure(
            .aborted, reason: "LINK_CHANGED",
            OperationWords(
                "\(key.displayName) took it and was linked differently meanwhile. Look at what was linked before for its end."
            ),
            isOutcomeUnknown: true)
    }

    /// The provider took it, and will not tell its end.
    package static func notFollowed(_ key: ItemKey, because failure: ActionFailure) -> ActionFailure {
        ActionFailure(
            failure.code, reason: failure.reason,
            OperationWords(
                "\(key.displayName) took it and does not tell how it goes on: \(failure.message.full) Look there for its end.",
                generic: "\(key.displayName) took it and does not tell how it goes on. Look there for its end."),
            isOutcomeUnknown: true)
    }

    /// Whether asking again tells no more: the provider refuses, or knows of no such thing.
    package var endsFollowing: Bool {
        switch code {
        case .notFound, .permissionDenied, .unauthenticated, .invalidArgument, .internal: true
        case .unknown, .deadlineExceeded, .resourceExhausted, .failedPrecondition, .aborted, .unavailable: false
        }
    }
}

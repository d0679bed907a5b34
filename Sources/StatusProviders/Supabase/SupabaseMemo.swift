import StatusCore
package import StatusModel

/// What a read leaves for the next one. The store keeps it, so it is read back as carefully as an answer is.
package struct SupabaseMemo: Hashable, Sendable {
    /// How long a name stands that was not heard again (SPEC §4).
    package static let nameStands = Duration.seconds(86_400)
    /// How long a token is not tried again once it was refused (providers.md §9). Another token has another validator.
    package static let refusalStands = Duration.seconds(15 * 60)
    /// A hold that ends later than this from now was not written here, and no limit is obeyed for longer.
    package static let holdMax = Duration.seconds(24 * 3600)

    /// The management API is not asked until then.
    package struct Hold: Hashable, Sendable {
        package var until: UnixTime
        package var code: ProblemCode

        package init(until: UnixTime, code: ProblemCode) {
            self.until = until
            self.code = code
        }

        /// What stands for the answer that is not asked for.
        var failure: ProviderFailure? {
            switch code {
            case .oauthRevoked: SupabaseManagementClassifier.deadToken
            case .misconfigured: SupabaseManagementClassifier.wrongToken
            case .rateLimited: SupabaseAnswers.throttled(SupabaseManagementClassifier.server, until: until)
            default: nil
            }
        }
    }

    /// Which credentials, addresses and probe it holds for.
    package var validator: String
    package var name: String?
    package var nameLearntAt: UnixTime?
    package var hold: Hold?

    package init(validator: String) { self.validator = validator }
}

extension SupabaseMemo {
    private enum Field {
        static let validator = "validator"
        static let name = "name"
        /// Nanoseconds since the epoch.
        static let nameLearntAt = "name_at"
        /// Nanoseconds since the epoch.
        static let heldUntil = "management_held_until"
        static let holdCode = "management_held_for"
    }

    /// As the reading's memo. Holds no credential and no part of one.
    package var fields: [String: String] {
        var fields = [Field.validator: validator]
        fields[Field.name] = name
        fields[Field.nameLearntAt] = nameLearntAt.map { String($0.nanoseconds) }
        fields[Field.heldUntil] = hold.map { String($0.until.nanoseconds) }
        fields[Field.holdCode] = hold?.code.rawValue
        return fields
    }

    /// Reads back what ``fields`` wrote, less what is out of date; nil when it is not for `validator`.
    package init?(_ fields: [String: String], validator: String, now: UnixTime) {
        guard fields[Field.validator] == validator else { return nil }
        self.init(validator: validator)
        if let name = SupabaseProject.shown(fields[Field.name]), let at = Self.instant(fields[Field.nameLearntAt]),
            (.zero..<Self.nameStands).contains(now.since(at))
        {
            self.name = name
            nameLearntAt = at
        }
        if let until = Self.instant(fields[Field.heldUntil]), until > now, until <= now.advanced(by: Self.holdMax),
            let code = fields[Field.holdCode].flatMap(ProblemCode.init(rawValue:))
        {
            hold = Hold(until: until, code: code)
        }
    }

    private static func instant(_ text: String?) -> UnixTime? {
        text.flatMap { Int64($0) }.map(UnixTime.init(nanoseconds:))
    }

    /// What to keep after a read that found this.
    package func updated(by findings: SupabaseFindings, now: UnixTime) -> Self {
        var memo = self
        if case .success(let project) = findings.project, let name = project.name {
            memo.name = name
            memo.nameLearntAt = now
        }
        // A hold that still runs was not asked about, and stands.
        if hold == nil {
            let holds = findings.managementFailures.compactMap { failure in
                Hold(for: failure, tokenLives: findings.isManagementAlive, now: now)
            }
            memo.hold = holds.max { $0.until < $1.until }
        }
        return memo
    }
}

extension SupabaseMemo.Hold {
    /// What a failure of the management API asks for; nil for one that the next read may meet again. A token that one
    /// endpoint refuses and another takes is not dead.
    fileprivate init?(for failure: ProviderFailure, tokenLives: Bool, now: UnixTime) {
        let refusals = [SupabaseManagementClassifier.deadToken, SupabaseManagementClassifier.wrongToken]
        if failure.isThrottled, let until = failure.retryAfter, until > now {
            self.init(until: min(until, now.advanced(by: SupabaseMemo.holdMax)), code: .rateLimited)
        } else if !tokenLives, refusals.contains(failure) {
            self.init(until: now.advanced(by: SupabaseMemo.refusalStands), code: failure.code)
        } else {
            return nil
        }
    }
}

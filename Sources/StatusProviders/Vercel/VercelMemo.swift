package import StatusModel

/// What one read leaves for the next. The store keeps it, so it is read back as carefully as an answer is.
package struct VercelMemo: Hashable, Sendable {
    /// How long a name stands that was not heard again (SPEC §4).
    package static let nameStands = Duration.seconds(24 * 60 * 60)

    private enum Field {
        static let validator = "validator"
        static let status = "status"
        static let asksProductions = "asks_productions"
        static let name = "name"
        /// Nanoseconds since the epoch.
        static let nameLearntAt = "name_at"
    }

    /// Which token, project and team it holds for.
    package var validator: String
    /// The last status that deployments decided; nil before the first.
    package var decided: ConnectionState?
    /// Whether production's own list is asked for from the start, because the newest deployments may not hold it.
    package var asksProductions: Bool
    /// The project's name, for reads in which the project itself cannot be had.
    package var name: String?
    package var nameLearntAt: UnixTime?

    package init(validator: String, decided: ConnectionState? = nil, asksProductions: Bool = true) {
        self.validator = validator
        self.decided = decided
        self.asksProductions = asksProductions
    }

    /// Reads back what ``fields`` wrote, less what is out of date; one for another link is as good as none.
    package init(_ fields: [String: String], validator: String, now: UnixTime) {
        guard fields[Field.validator] == validator else {
            self.init(validator: validator)
            return
        }
        self.init(
            validator: validator, decided: Self.statuses.first { $0.word == fields[Field.status] }?.status,
            asksProductions: fields[Field.asksProductions].flatMap(Bool.init) ?? true)
        if let name = fields[Field.name].flatMap(VercelProject.shown),
            let at = fields[Field.nameLearntAt].flatMap(Int64.init).map(UnixTime.init(nanoseconds:)),
            (.zero..<Self.nameStands).contains(now.since(at))
        {
            (self.name, nameLearntAt) = (name, at)
        }
    }

    /// What to keep. Holds no token and no part of one.
    package var fields: [String: String] {
        var fields = [Field.validator: validator, Field.asksProductions: String(asksProductions)]
        fields[Field.status] = Self.statuses.first { $0.status == decided }?.word
        fields[Field.name] = name
        fields[Field.nameLearntAt] = nameLearntAt.map { String($0.nanoseconds) }
        return fields
    }

    /// What deployments can decide.
    private static let statuses: [(status: ConnectionState, word: String)] = [
        (.connected, "connected"), (.warning, "warning"),
    ]
}

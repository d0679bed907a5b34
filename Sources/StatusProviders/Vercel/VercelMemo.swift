package import StatusModel

/// What one read leaves for the next. The store keeps it, so it is read back as carefully as an answer is.
package struct VercelMemo: Hashable, Sendable {
    private enum Field {
        static let validator = "validator"
        static let status = "status"
        static let asksProductions = "asks_productions"
    }

    /// Which token, project and team it holds for.
    package var validator: String
    /// The last status that deployments decided; nil before the first.
    package var decided: ConnectionState?
    /// Whether production's own list is asked for from the start, because the newest deployments may not hold it.
    package var asksProductions: Bool

    package init(validator: String, decided: ConnectionState? = nil, asksProductions: Bool = true) {
        self.validator = validator
        self.decided = decided
        self.asksProductions = asksProductions
    }

    /// Reads back what ``fields`` wrote; one for another link is as good as none.
    package init(_ fields: [String: String], validator: String) {
        guard fields[Field.validator] == validator else {
            self.init(validator: validator)
            return
        }
        self.init(
            validator: validator, decided: Self.statuses.first { $0.word == fields[Field.status] }?.status,
            asksProductions: fields[Field.asksProductions].flatMap(Bool.init) ?? true)
    }

    /// What to keep. Holds no token and no part of one.
    package var fields: [String: String] {
        var fields = [Field.validator: validator, Field.asksProductions: String(asksProductions)]
        fields[Field.status] = Self.statuses.first { $0.status == decided }?.word
        return fields
    }

    /// What deployments can decide.
    private static let statuses: [(status: ConnectionState, word: String)] = [
        (.connected, "connected"), (.warning, "warning"),
    ]
}

package import StatusModel

// An operation as a person reads it.

extension OperationState {
    var style: Paint.Style {
        switch self {
        case .pending: .dim
        case .running: .plain
        case .succeeded: .good
        case .failed: .bad
        case .unknownOutcome: .caution
        }
    }

    /// In a word or two.
    var words: String {
        switch self {
        case .pending: "recorded"
        case .running: "running"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .unknownOutcome: "outcome unknown"
        }
    }

    var mark: String {
        switch self {
        case .pending: "○"
        case .running: "◌"
        case .succeeded: "●"
        case .failed: "✖"
        case .unknownOutcome: "▲"
        }
    }
}

extension Operation {
    /// What is done to what: `deploy-production of shop/vercel`.
    var subject: String { TerminalText.neutralised("\(action) of \(projectID)/\(key)") }

    /// How it stands, in one line.
    package func line(paint: Paint) -> String {
        let words = summary.isEmpty ? subject : "\(subject): \(TerminalText.neutralised(summary))"
        return "\(paint("\(state.mark) \(state.words)", state.style))  \(words)"
    }

    /// Why it failed and what can be done, at `now`; nothing where it has not.
    package func errorLines(at now: UnixTime, width: Int?) -> [String] {
        guard let error else { return [] }
        // Most failures say in their summary what they are.
        var words = error.message == summary ? "" : TerminalText.neutralised(error.message)
        if let retryAfter = error.retryAfter, retryAfter > now {
            words += " Try again \(AgeText.until(retryAfter, at: now))."
        }
        if state == .unknownOutcome { words += " It is never begun again by itself." }
        if !error.reason.isEmpty { words += " (\(TerminalText.neutralised(error.reason)))" }
        let limit = max(20, (width ?? .max) - 2)
        return (width == nil ? [words.trimmed] : TerminalText.wrapped(words, to: limit)).map { "  \($0)" }
    }

    /// A row of a list.
    func cells(at now: UnixTime) -> [TextTable.Cell] {
        [
            TextTable.Cell("\(state.mark) \(state.words)", state.style), TextTable.Cell(TerminalText.neutralised(id)),
            TextTable.Cell(TerminalText.neutralised("\(key)")), TextTable.Cell(TerminalText.neutralised(action)),
            TextTable.Cell(AgeText.since(createdAt, at: now), .dim),
            TextTable.Cell(TerminalText.neutralised(requestedBy)), TextTable.Cell(TerminalText.neutralised(summary)),
        ]
    }
}

extension String {
    /// Without the space at its beginning.
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}

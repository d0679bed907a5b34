package import StatusModel

/// Statuses of projects as a board for people:
///
/// ```
/// shop                                                               connected
///   ● GitHub  connected   Linked to main · Last push 2m ago          12s ago
///   ○ Vercel  not linked
///   last runs: diagnostics passed 2h ago · smoke tests failed 5m ago
/// ```
package struct BoardText: Sendable {
    private static let indent = "  "
    private static let detailIndent = "      "
    /// On a terminal that is narrower than this, lines break where they will.
    private static let widthMin = 40

    private let paint: Paint
    private let width: Int?

    /// - Parameters:
    ///   - paint: How it is coloured.
    ///   - width: The columns of the terminal; nil for any.
    package init(paint: Paint, width: Int?) {
        self.paint = paint
        self.width = width.map { max(Self.widthMin, $0) }
    }

    /// The lines of the board, with the same columns for all projects.
    package func lines(for envelopes: [StatusEnvelope], at now: UnixTime) -> [String] {
        let rows = envelopes.map { envelope in
            (envelope.items + envelope.services).map { (item: $0, cells: cells(for: $0, at: now)) }
        }
        let table = TextTable(
            fitting: rows.joined().map(\.cells), width: width.map { $0 - Self.indent.count }, shrinking: 2)
        var lines: [String] = []
        for (envelope, rows) in zip(envelopes, rows) {
            if !lines.isEmpty { lines.append("") }
            lines.append(title(of: envelope, width: table.totalWidth + Self.indent.count))
            for (item, cells) in rows {
                lines.append(Self.indent + table.line(cells, paint: paint))
                lines += details(of: item, at: now)
            }
            lines += lastRuns(of: envelope, at: now)
            lines += envelope.nextActions.flatMap { nextAction($0, of: envelope) }
        }
        return lines
    }

    private func title(of envelope: StatusEnvelope, width: Int) -> String {
        let name = envelope.projectID.rawValue
        let state = envelope.overall.rawValue
        let gap = max(2, width - TerminalText.width(of: name) - state.count)
        return paint(name, .strong) + String(repeating: " ", count: gap) + paint(state, envelope.overall.style)
    }

    private func cells(for item: IntegrationStatus, at now: UnixTime) -> [TextTable.Cell] {
        let state = item.hasState ? item.status : .disconnected
        let name = "\(state.mark) \(item.key.displayName)"
        let age = item.updatedAt.map { AgeText.since($0, at: now) } ?? ""
        let isStale = item.stale && item.hasState
        return [
            TextTable.Cell(name, state.style),
            TextTable.Cell(item.stateWords, state.style),
            TextTable.Cell(summary(of: item)),
            isStale ? TextTable.Cell(age.isEmpty ? "stale" : "\(age), stale", .caution) : TextTable.Cell(age, .dim),
        ]
    }

    /// Nothing that the state has said already.
    private func summary(of item: IntegrationStatus) -> String {
        guard item.visible, item.summary.lowercased() != item.stateWords else { return "" }
        return TerminalText.neutralised(item.summary)
    }

    private func details(of item: IntegrationStatus, at now: UnixTime) -> [String] {
        guard item.visible else { return [] }
        let problem = item.problem.map { describe($0, of: item, at: now) } ?? []
        return problem
            + item.environments.flatMap { environment in
                let parts = [environment.name, environment.status.rawValue, environment.summary, environment.url]
                let text = parts.filter { !$0.isEmpty }.map(TerminalText.neutralised).joined(separator: " · ")
                return paragraph(text, .dim)
            }
    }

    /// What is wrong and what to do; then how old the answer is, and when the next attempt is made.
    private func describe(_ problem: Problem, of item: IntegrationStatus, at now: UnixTime) -> [String] {
        let hint = TerminalText.neutralised(problem.hint)
        let what = "\(problem.plainWords(for: item.key)) (\(problem.code.rawValue))"
        var facts: [String] = []
        if let updatedAt = item.updatedAt { facts.append("last answer \(AgeText.since(updatedAt, at: now))") }
        if problem.attempts > 1 { facts.append("tried \(problem.attempts) times") }
        if let next = problem.nextAttemptAt ?? problem.retryAfter {
            facts.append("next try \(AgeText.until(next, at: now))")
        }
        return paragraph(hint.isEmpty ? "\(what)." : "\(what): \(hint)", item.status.style)
            + paragraph(facts.joined(separator: "; "), .dim)
    }

    private func lastRuns(of envelope: StatusEnvelope, at now: UnixTime) -> [String] {
        guard !envelope.lastRuns.isEmpty else { return [] }
        let runs = envelope.lastRuns.map { run in
            let kind = TerminalText.neutralised(run.kind.replacing("_", with: " "))
            return "\(kind) \(run.passed ? "passed" : "failed") \(AgeText.since(run.at, at: now))"
        }
        let style: Paint.Style = envelope.lastRuns.allSatisfy(\.passed) ? .dim : .caution
        return paragraph("last runs: \(runs.joined(separator: " · "))", style, indent: Self.indent)
    }

    /// A repair, with its reason unless that stands with the item already. Advice without a repair stands there whole.
    private func nextAction(_ next: NextAction, of envelope: StatusEnvelope) -> [String] {
        let item = (envelope.items + envelope.services).first { $0.key == next.key }
        let isTold = item?.problem?.hint == next.reason
        if isTold, next.action.isEmpty { return [] }
        let action = TerminalText.neutralised(next.action)
        let what = action.isEmpty ? next.key.displayName : "\(action) \(next.key.displayName)"
        let text = isTold ? "→ \(what)" : "→ \(what): \(TerminalText.neutralised(next.reason))"
        let lines = paragraph(text, .plain, indent: Self.indent)
        // What follows the first line stands below its words, not below the arrow.
        return lines.prefix(1) + lines.dropFirst().map { Self.indent + $0 }
    }

    private func paragraph(_ text: String, _ style: Paint.Style, indent: String = detailIndent) -> [String] {
        guard !text.isEmpty else { return [] }
        let lines = width.map { TerminalText.wrapped(text, to: $0 - Self.detailIndent.count) } ?? [text]
        return lines.map { indent + paint($0, style) }
    }

}

package import StatusModel
package import TelltaleClient

/// Updates of a watch as lines for a log: time, project, what, and in which state.
package struct WatchLines: Sendable {
    /// The person was told that the daemon is out of reach, and not that it is back.
    private var isAway = false

    package init() {}

    /// One line for each change, and for what is not told; none for what changes nothing.
    package func lines(for update: StatusUpdate, at now: UnixTime) -> [String] {
        switch update {
        case .snapshot(let envelope, _):
            let items = (envelope.items + envelope.services).filter(\.hasState)
            return [line(now, envelope.projectID, "snapshot", envelope.overall.rawValue)]
                + items.map { line(now, envelope.projectID, $0) }
        case .event(let event):
            let leftOut = event.collapsed > 0 ? [line(now, event.collapsedWords)] : []
            if event.items.isEmpty { return leftOut + [line(event.at, event.projectID, event.kind, event.message)] }
            return leftOut + event.items.map { line(event.at, event.projectID, $0) }
        case .reset(let reset): return [line(now, reset.words)]
        case .heartbeat, .connection: return []
        }
    }

    /// What a person should know beside the changes.
    package mutating func notice(of update: StatusUpdate, at now: ContinuousClock.Instant) -> String? {
        guard case .connection(let connection) = update else { return nil }
        defer { isAway = connection != .connected }
        if connection == .connected { return isAway ? "Watching again." : nil }
        return connection.words(at: now)
    }

    private func line(_ at: UnixTime, _ project: ProjectID, _ item: IntegrationStatus) -> String {
        let problem = item.problem.map { "\($0.plainWords(for: item.key)) (\($0.code.rawValue))" } ?? ""
        return line(at, project, item.key.description, item.stateWords, item.visible ? item.summary : "", problem)
    }

    private func line(_ at: UnixTime, _ project: ProjectID, _ parts: String...) -> String {
        line(at, parts: [project.rawValue] + parts)
    }

    private func line(_ at: UnixTime, _ words: String) -> String { line(at, parts: [words]) }

    private func line(_ at: UnixTime, parts: [String]) -> String {
        let words = [TimeText.rfc3339(at)] + parts.filter { !$0.isEmpty }
        return words.map(TerminalText.neutralised).joined(separator: "  ")
    }
}

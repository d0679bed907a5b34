package import StatusModel
package import TelltaleClient

/// Updates of a watch as lines for a log: time, project, what, and in which state.
package struct WatchLines: Sendable {
    package init() {}

    /// One line for each change; none for what changes nothing.
    package func lines(for update: StatusUpdate, at now: UnixTime) -> [String] {
        switch update {
        case .snapshot(let envelope, _):
            let items = (envelope.items + envelope.services).filter(\.hasState)
            return [line(now, envelope.projectID, "snapshot", envelope.overall.rawValue)]
                + items.map { line(now, envelope.projectID, $0) }
        case .event(let event):
            if event.items.isEmpty { return [line(event.at, event.projectID, event.kind, event.message)] }
            return event.items.map { line(event.at, event.projectID, $0) }
        case .reset(let reset):
            let range = reset.lostTo > 0 ? " \(reset.lostFrom) to \(reset.lostTo)" : ""
            return ["\(TimeText.rfc3339(now))  events\(range) were lost (\(reset.reason.rawValue)); all states follow"]
        case .heartbeat, .connection: return []
        }
    }

    /// What a person should know beside the changes.
    package func notice(of update: StatusUpdate, at now: ContinuousClock.Instant) -> String? {
        guard case .connection(let connection) = update else { return nil }
        return connection.words(at: now)
    }

    private func line(_ at: UnixTime, _ project: ProjectID, _ item: IntegrationStatus) -> String {
        let problem = item.problem.map { "\($0.plainWords(for: item.key)) (\($0.code.rawValue))" } ?? ""
        return line(at, project, item.key.description, item.stateWords, item.visible ? item.summary : "", problem)
    }

    private func line(_ at: UnixTime, _ project: ProjectID, _ parts: String...) -> String {
        let words = [TimeText.rfc3339(at), project.rawValue] + parts.filter { !$0.isEmpty }
        return words.map(TerminalText.neutralised).joined(separator: "  ")
    }
}

extension WatchConnection {
    /// How the watch stands, in a sentence without a full stop; nil when all is as it should be.
    func words(at now: ContinuousClock.Instant) -> String? {
        switch self {
        case .connected: nil
        case .reconnecting(_, let until, let error):
            "\(error.message) Trying again \(AgeText.after(now.duration(to: until)))"
        case .polling(let error): "Asking every 15 s, for watching is refused: \(error.message)"
        }
    }
}

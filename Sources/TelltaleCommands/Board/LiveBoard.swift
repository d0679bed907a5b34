package import StatusModel
package import TelltaleClient

/// What a live board shows: the states that the updates of a watch add up to.
package struct LiveBoard: Hashable, Sendable {
    private var envelopes: [ProjectID: StatusEnvelope] = [:]
    private var connection: WatchConnection?

    package init() {}

    /// The projects by name.
    package var projects: [StatusEnvelope] { envelopes.values.sorted { $0.projectID < $1.projectID } }

    package mutating func apply(_ update: StatusUpdate) {
        switch update {
        case .snapshot(let envelope, _): envelopes[envelope.projectID] = envelope
        case .event(let event) where event.kind == "project:removed": envelopes[event.projectID] = nil
        // It does not bring the runs as they are now, and older ones are not the last.
        case .event(let event) where event.kind == "run:finished":
            apply(event)
            envelopes[event.projectID]?.lastRuns = []
        case .event(let event): apply(event)
        // Snapshots of all that is left follow.
        case .reset: envelopes = [:]
        case .heartbeat: break
        case .connection(let connection): self.connection = connection
        }
    }

    private mutating func apply(_ event: StatusEvent) {
        // An event that changes no state, such as a push, says nothing of it.
        guard !event.hash.isEmpty else { return }
        var envelope = envelopes[event.projectID] ?? StatusEnvelope(projectID: event.projectID)
        for item in event.items {
            if let index = envelope.items.firstIndex(where: { $0.key == item.key }) {
                envelope.items[index] = item
            } else {
                envelope.services.removeAll { $0.key == item.key }
                // One that is not linked is there no more.
                if item.configuredReason != .notLinked { envelope.services.append(item) }
                envelope.services.sort { $0.key < $1.key }
            }
        }
        envelope.overall = event.overall
        envelope.hash = event.hash
        envelope.revision = event.revision
        // Advice that was given for another state is none.
        let keys = Set(event.items.map(\.key))
        envelope.nextActions.removeAll { keys.contains($0.key) }
        envelopes[event.projectID] = envelope
    }

    /// The lines that a terminal of that size can hold, the last of them free for the cursor.
    package func lines(
        fitting size: (columns: Int, rows: Int), paint: Paint, wall: UnixTime, now: ContinuousClock.Instant
    ) -> [String] {
        var lines = BoardText(paint: paint, width: size.columns).lines(for: projects, at: wall)
        let footer = footer(width: size.columns, paint: paint, now: now)
        let room = max(1, size.rows - 1 - footer.count)
        if lines.count > room {
            let hidden = lines.count - room + 1
            lines = lines.prefix(room - 1) + [paint("… \(hidden) more lines; name projects to see less", .dim)]
        }
        return lines + footer
    }

    private func footer(width: Int, paint: Paint, now: ContinuousClock.Instant) -> [String] {
        let words: String
        let style: Paint.Style
        if let connection {
            (words, style) = connection.words(at: now).map { ($0, .caution) } ?? ("Live. Ctrl-C ends.", .dim)
        } else {
            (words, style) = ("Connecting.", .dim)
        }
        return ["", paint(TerminalText.truncated(TerminalText.neutralised(words), to: width), style)]
    }
}

package import StatusModel

/// What one watcher received, stream by stream: what the guarantees of a watch are held against.
package struct WatchHistory: Sendable {
    /// One stream, from the request to its end.
    package struct Stream: Sendable {
        /// Where it was to go on; nil for one that was to begin with snapshots.
        package var resumeAfter: EventID?
        package var messages: [WatchMessage]

        package init(resumeAfter: EventID?, messages: [WatchMessage] = []) {
            self.resumeAfter = resumeAfter
            self.messages = messages
        }
    }

    /// Who watched, for whoever reads of a violation.
    package var name: String
    /// The projects that were named; none for all.
    package var projects: Set<ProjectID>
    /// The kinds of events that were asked for; none for all.
    package var kinds: [String]
    package var streams: [Stream] = []

    package init(name: String, projects: [ProjectID] = [], kinds: [String] = []) {
        self.name = name
        self.projects = Set(projects)
        self.kinds = kinds
    }

    /// The same as if it had been one stream, as the reader of a client sees it that reconnects by itself.
    package var joined: WatchHistory {
        var joined = self
        joined.streams = [
            Stream(resumeAfter: streams.first?.resumeAfter, messages: streams.flatMap(\.messages))
        ]
        return joined
    }

    package func wants(_ project: ProjectID) -> Bool { projects.isEmpty || projects.contains(project) }

    package func wants(_ event: StatusEvent) -> Bool {
        guard wants(event.projectID) else { return false }
        return kinds.isEmpty
            || kinds.contains { $0.hasSuffix("*") ? event.kind.hasPrefix($0.dropLast()) : event.kind == $0 }
    }
}

/// All that happened, as far as anybody was told of it.
package struct WatchTruth: Sendable {
    /// Each event as it was first seen, by epoch and sequence number.
    private var events: [UInt64: [UInt64: StatusEvent]] = [:]
    /// Events that were told in two ways.
    package private(set) var conflicts: [String] = []

    /// - Parameters:
    ///   - histories: What watchers of one role received.
    ///   - acknowledged: What somebody was told to have become these events, whoever saw them.
    package init(_ histories: [WatchHistory], acknowledged: [StatusEvent] = []) {
        for history in histories {
            for case .event(var event) in history.streams.flatMap(\.messages) {
                // That alone depends on the watcher.
                event.collapsed = 0
                let known = events[event.id.epoch, default: [:]].updateValue(event, forKey: event.id.sequence)
                if let known, known != event { conflicts.append("\(history.name): \(event.id.words) in two ways") }
            }
        }
        for event in acknowledged where events[event.id.epoch]?[event.id.sequence] == nil {
            events[event.id.epoch, default: [:]][event.id.sequence] = event
        }
    }

    package subscript(id: EventID) -> StatusEvent? { events[id.epoch]?[id.sequence] }

    /// The newest event of the epoch; 0 when nobody was told of any.
    package func lastSequence(of epoch: UInt64) -> UInt64 { events[epoch]?.keys.max() ?? 0 }

    /// Whether somebody was told of each event between the two. How an epoch ended that was left, nobody knows.
    package func isComplete(after place: EventID, through last: UInt64) -> Bool {
        let isLastEpoch = events.keys.max() == place.epoch
        let end = last == .max && isLastEpoch ? lastSequence(of: place.epoch) : last
        guard end > place.sequence else { return true }
        return UInt64(events(after: place, through: end).count) == end - place.sequence
    }

    /// The events behind a place, in order.
    package func events(after place: EventID, through last: UInt64) -> [StatusEvent] {
        (events[place.epoch] ?? [:]).filter { $0.key > place.sequence && $0.key <= last }
            .sorted { $0.key < $1.key }.map(\.value)
    }
}

extension EventID {
    package var words: String { "\(epoch):\(sequence)" }

    /// The place before the event.
    package var previous: EventID { EventID(epoch: epoch, sequence: sequence > 0 ? sequence - 1 : 0) }
}

package import StatusModel

/// A part of a stream that promises to leave nothing out: from a place in the journal on, within one epoch and without a
/// reset.
package struct WatchSegment: Sendable {
    /// What came, in order.
    package enum Mark: Sendable {
        case event(StatusEvent)
        /// The stream says that all up to here was told.
        case bookmark(EventID)
    }

    /// Everything behind this place.
    package let after: EventID
    package private(set) var marks: [Mark] = []
    /// Projects whose snapshots stand later than that.
    private var starts: [ProjectID: UInt64] = [:]
    /// The stream went on in another epoch without a reset, so this one is told to its end.
    package private(set) var isWhole = false

    package var events: [StatusEvent] {
        marks.compactMap { mark in if case .event(let event) = mark { event } else { nil } }
    }

    /// The last sequence number that the stream has come to.
    package func through(_ truth: WatchTruth) -> UInt64 {
        let told = marks.map { mark in
            switch mark {
            case .event(let event): event.id.sequence
            case .bookmark(let id): id.sequence
            }
        }
        return max(told.max() ?? after.sequence, isWhole ? truth.lastSequence(of: after.epoch) : 0)
    }

    /// From where on the project's events are told.
    package func start(of project: ProjectID) -> UInt64 { starts[project] ?? after.sequence }

    /// What the watcher was to be told in it.
    package func expected(by history: WatchHistory, _ truth: WatchTruth) -> [StatusEvent] {
        truth.events(after: after, through: through(truth)).filter {
            history.wants($0) && $0.id.sequence > start(of: $0.projectID)
        }
    }

    /// The segments of a stream, and what in it belongs to none.
    package static func segments(
        of stream: WatchHistory.Stream
    ) -> (segments: [WatchSegment], orphans: [StatusEvent]) {
        var segments = stream.resumeAfter.map { [WatchSegment(after: $0)] } ?? []
        var orphans: [StatusEvent] = []
        for message in stream.messages {
            switch message {
            case .reset(let reset):
                // Before what it names, nothing was lost.
                if reset.lostFrom > 0, let last = segments.last, last.after.epoch == reset.resumeFrom.epoch {
                    let end = EventID(epoch: last.after.epoch, sequence: reset.lostFrom - 1)
                    segments[segments.count - 1].marks.append(.bookmark(end))
                }
                segments.append(WatchSegment(after: reset.resumeFrom))
            case .snapshot(let envelope, let asOf):
                if segments.isEmpty { segments.append(WatchSegment(after: asOf)) }
                segments[segments.count - 1].begin(envelope.projectID, at: asOf)
            case .event(let event):
                // Of a project that is not there yet, or not any more, there is no snapshot.
                if segments.isEmpty, event.kind.hasPrefix("project:") {
                    segments.append(WatchSegment(after: event.id.previous))
                }
                if segments.isEmpty { orphans.append(event) } else { add(.event(event), at: event.id, to: &segments) }
            // The last word to one who is cut off between two snapshots: it names no place.
            case .goingAway(let id, _, _) where id.epoch == 0: break
            case .heartbeat(let id, _), .goingAway(let id, _, _):
                if segments.isEmpty { segments.append(WatchSegment(after: id)) }
                add(.bookmark(id), at: id, to: &segments)
            }
        }
        return (segments, orphans)
    }

    private static func add(_ mark: Mark, at id: EventID, to segments: inout [WatchSegment]) {
        if let last = segments.last, last.after.epoch != id.epoch {
            segments[segments.count - 1].isWhole = true
            segments.append(WatchSegment(after: EventID(epoch: id.epoch, sequence: 0)))
        }
        segments[segments.count - 1].marks.append(mark)
    }

    private init(after place: EventID) { after = place }

    private mutating func begin(_ project: ProjectID, at asOf: EventID) {
        if asOf.epoch == after.epoch, asOf.sequence > after.sequence { starts[project] = asOf.sequence }
    }
}

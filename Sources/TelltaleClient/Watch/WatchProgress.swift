package import StatusModel

/// How far the reader of a watch has come, as a value: where a stream may go on, what of a message is news, and what was
/// lost where a stream had to begin anew (SPEC §6).
package struct WatchProgress: Sendable {
    /// Snapshots that stand later than the first of their stream are noted up to this number. A daemon takes all of them
    /// at one place, so there are none.
    private static let aheadMax = 1024

    private let projects: Set<ProjectID>
    /// Where to go on; nil to begin with snapshots.
    package private(set) var position: EventID?
    /// Up to where the reader has been told everything; nil before the first message.
    private var told: EventID?
    /// The stream was opened without a position, and nothing has come of it yet.
    private var beginsAnew = false
    /// Where the first snapshot of the stream stands. It counts as a position only when no further snapshot is missing: to
    /// go on between them would lose the rest.
    private var firstSnapshot: EventID?
    /// The named projects whose snapshots the stream still owes.
    private var awaited: Set<ProjectID> = []
    /// Snapshots that hold events which are still to come.
    private var ahead: [ProjectID: EventID] = [:]

    /// - Parameters:
    ///   - projects: The projects that are watched; none for all.
    ///   - position: Where the caller stands; nil to begin with snapshots.
    package init(projects: [ProjectID], position: EventID?) {
        self.projects = Set(projects)
        self.position = position
        told = position
    }

    /// A stream was opened at the position.
    package mutating func opened() {
        beginsAnew = position == nil
        awaitSnapshots()
    }

    /// A message of the stream came.
    ///
    /// - Returns: what of it the reader has not been told, in order; at most two updates, and none of what ends the stream.
    package mutating func take(_ message: WatchMessage) -> [StatusUpdate] {
        switch message {
        case .snapshot(let envelope, let asOf):
            let gap = gap(endingAt: asOf)
            noteSnapshot(of: envelope.projectID, asOf: asOf)
            return gap + [.snapshot(envelope, asOf: asOf)]
        case .event(let event):
            let gap = gap(endingAt: event.id.previous)
            let isKnown = event.id.isCovered(by: position) || event.id.isCovered(by: ahead[event.projectID])
            move(to: event.id)
            return gap + (isKnown ? [] : [.event(event)])
        case .heartbeat(let id, let at):
            let gap = gap(endingAt: id)
            let isKnown = position != id && id.isCovered(by: position)
            move(to: id)
            return gap + (isKnown ? [] : [.heartbeat(id, at: at)])
        case .reset(let reset):
            beginsAnew = false
            (position, told) = (nil, reset.resumeFrom)
            awaitSnapshots()
            return [.reset(reset)]
        case .goingAway(let resumeFrom, _, let reason):
            // A daemon that drains says so when all is sent. One that cuts the stream off may do so between two snapshots,
            // and then names a place in no epoch, or one that is no better than theirs.
            let isPlace = resumeFrom.epoch != 0 && (position != nil || reason == .draining)
            if isPlace { move(to: resumeFrom) }
            return []
        }
    }

    /// What was lost between two streams that broke before there was a position, and what the second one begins with. Its
    /// snapshots say how all stands, and nothing of a project that has gone: the reader has to forget what it knows.
    private mutating func gap(endingAt place: EventID) -> [StatusUpdate] {
        defer { beginsAnew = false }
        guard beginsAnew, let told, told != place else { return [] }
        var reset = WatchReset(reason: .epoch, lostFrom: 0, lostTo: 0, resumeFrom: place, hasMoreItems: true)
        if told.epoch == place.epoch {
            let isLater = place.sequence > told.sequence
            reset.reason = isLater ? .truncated : .future
            if isLater {
                (reset.lostFrom, reset.lostTo) = (told.sequence + 1, place.sequence)
                reset.lostCount = place.sequence - told.sequence
            }
        }
        return [.reset(reset)]
    }

    private mutating func noteSnapshot(of project: ProjectID, asOf: EventID) {
        let first = firstSnapshot ?? asOf
        (firstSnapshot, told) = (first, first)
        if asOf != first, ahead.count < Self.aheadMax { ahead[project] = asOf }
        let isOwed = awaited.remove(project) != nil
        // The first of them is the earliest: what happened since comes again, and is left out where it is known.
        if isOwed, awaited.isEmpty { position = first }
    }

    /// Everything up to there is told.
    private mutating func move(to place: EventID) {
        guard !place.isCovered(by: position) else { return }
        (position, told) = (place, place)
        awaited = []
        ahead = ahead.filter { place.isCovered(by: $0.value) }
    }

    private mutating func awaitSnapshots() {
        firstSnapshot = nil
        awaited = projects
        ahead = [:]
    }
}

extension EventID {
    /// Whether the place lies at or before another one. Places of different epochs cannot be compared.
    fileprivate func isCovered(by other: EventID?) -> Bool {
        other.map { $0.epoch == epoch && sequence <= $0.sequence } ?? false
    }

    /// The place before the event.
    fileprivate var previous: EventID { EventID(epoch: epoch, sequence: sequence > 0 ? sequence - 1 : 0) }
}

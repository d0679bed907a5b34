package import StatusModel

/// Where a watcher stands: what it is to be sent next, as a value. It reads nothing and sends nothing.
package struct WatchCursor {
    /// What to do next.
    package enum Step: Equatable {
        /// Say that events were lost.
        case reset(WatchReset)
        /// Send this project's state, as of the cursor.
        case snapshot(ProjectID, asOf: EventID)
        /// Send what the journal holds after the cursor.
        case events(after: EventID)
    }

    /// What the journal says of a cursor that it cannot serve.
    package enum Gap: Equatable {
        case truncated(lostFrom: UInt64, lostTo: UInt64)
        case epoch
        case future
    }

    /// The last event that the watcher has been sent or that its snapshots hold.
    package private(set) var position: EventID
    private var pendingReset: WatchReset?
    /// The next snapshot is the last of these.
    private var pendingSnapshots: [ProjectID]

    /// Begins with snapshots, whose events up to `newest` are in them; or behind `resumeAfter`, without.
    package init(projects: [ProjectID], resumeAfter: EventID?, newest: EventID) {
        position = resumeAfter ?? newest
        pendingSnapshots = resumeAfter == nil ? projects.reversed() : []
    }

    package var next: Step {
        if let pendingReset { return .reset(pendingReset) }
        if let project = pendingSnapshots.last { return .snapshot(project, asOf: position) }
        return .events(after: position)
    }

    /// What ``next`` named was sent: the reset, or the snapshot.
    package mutating func sent() {
        if pendingReset != nil {
            pendingReset = nil
        } else {
            _ = pendingSnapshots.popLast()
            // Its memory goes with its last element: a watcher lives long and needs this once.
            if pendingSnapshots.isEmpty { pendingSnapshots = [] }
        }
    }

    /// An event was sent, or is none of the watcher's.
    package mutating func passed(_ id: EventID) { position = id }

    /// The journal cannot go on from the position: the watcher is told, gets snapshots anew, and goes on from `newest`.
    package mutating func lost(_ gap: Gap, projects: [ProjectID], newest: EventID) {
        let reset =
            switch gap {
            case .truncated(let from, let to):
                WatchReset(reason: .truncated, lostFrom: from, lostTo: to, resumeFrom: newest)
            case .epoch: WatchReset(reason: .epoch, lostFrom: 0, lostTo: 0, resumeFrom: newest)
            case .future: WatchReset(reason: .future, lostFrom: 0, lostTo: 0, resumeFrom: newest)
            }
        position = newest
        pendingReset = reset
        pendingSnapshots = projects.reversed()
    }
}

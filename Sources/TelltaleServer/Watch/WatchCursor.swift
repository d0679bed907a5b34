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

    /// What comes before the events. A watcher lives long and needs this once, so it takes a word, and no more memory when
    /// it is through.
    private indirect enum Preface {
        /// The snapshots that are still to be sent, from the one at this place on; there is one at least. A list of all
        /// projects is shared by all who hold it, so it is never changed.
        case snapshots([ProjectID], from: Int)
        case reset(WatchReset, then: [ProjectID])
    }

    /// The last event that the watcher has been sent or that its snapshots hold. While it ``isLive`` its hub's place counts,
    /// which goes on over events that are none of the watcher's.
    package private(set) var position: EventID
    private var preface: Preface?
    /// It has all that concerns it, and is told of what comes.
    package private(set) var isLive = false

    /// Begins with snapshots, whose events up to `newest` are in them; or behind `resumeAfter`, without.
    package init(projects: [ProjectID], resumeAfter: EventID?, newest: EventID) {
        position = resumeAfter ?? newest
        if resumeAfter == nil { preface = Self.snapshots(of: projects) }
    }

    package var next: Step {
        switch preface {
        case .reset(let reset, _): return .reset(reset)
        case .snapshots(let projects, let place): return .snapshot(projects[place], asOf: position)
        case nil: return .events(after: position)
        }
    }

    /// Nothing is to be sent before the events.
    package var hasBegun: Bool { preface == nil }

    /// What ``next`` named was sent: the reset, or the snapshot.
    package mutating func sent() {
        switch preface {
        case .reset(_, let projects): preface = Self.snapshots(of: projects)
        case .snapshots(let projects, let place):
            preface = place + 1 < projects.count ? .snapshots(projects, from: place + 1) : nil
        case nil: break
        }
    }

    /// An event was sent, or is none of the watcher's.
    package mutating func passed(_ id: EventID) { position = id }

    /// The end of the journal was reached.
    package mutating func caughtUp() { isLive = true }

    /// Something follows on that place that concerns the watcher, or may.
    package mutating func fellBehind(at id: EventID) {
        position = id
        isLive = false
    }

    /// The journal cannot go on from the position: the watcher is told, gets snapshots anew, and goes on from `newest`.
    ///
    /// - Parameters:
    ///   - gap: Why it cannot.
    ///   - items: Those that may have changed since the position, and whether there are more.
    ///   - projects: Those of the watch.
    ///   - newest: The journal's newest place.
    package mutating func lost(
        _ gap: Gap, items: (names: [ItemName], hasMore: Bool), projects: [ProjectID], newest: EventID
    ) {
        var reset = WatchReset(
            reason: .epoch, lostFrom: 0, lostTo: 0, resumeFrom: newest, lostItems: items.names,
            hasMoreItems: items.hasMore)
        switch gap {
        case .truncated(let from, let to):
            reset.reason = .truncated
            (reset.lostFrom, reset.lostTo) = (from, to)
            reset.lostCount = to >= from ? to - from + 1 : 0
        case .epoch: break
        case .future: reset.reason = .future
        }
        position = newest
        isLive = false
        preface = .reset(reset, then: projects)
    }

    private static func snapshots(of projects: [ProjectID]) -> Preface? {
        projects.isEmpty ? nil : .snapshots(projects, from: 0)
    }
}

package import StatusModel

/// The simplest daemon that keeps every promise of a watch, as a value: states of projects, a journal, and streams over it.
package struct ModelDaemon: Sendable {
    /// One watcher's cursor.
    package struct Stream: Sendable {
        fileprivate let projects: Set<ProjectID>
        fileprivate var position: EventID
        fileprivate var reset: WatchReset?
        fileprivate var snapshots: [ProjectID] = []

        fileprivate func wants(_ project: ProjectID) -> Bool { projects.isEmpty || projects.contains(project) }
    }

    private static let keys = [ItemKey.provider(.github), .provider(.vercel), .service("worker")]

    private let names: [ProjectID]
    private var states: [ProjectID: StatusEnvelope] = [:]
    /// Those that are kept of the epoch, oldest first.
    private var events: [StatusEvent] = []
    /// And of the epoch before, where that led up to this one.
    private var earlier: [StatusEvent] = []
    package private(set) var newestID = EventID(epoch: 1, sequence: 0)
    /// Where the last epoch ended: who stands there has missed nothing.
    private var seam: EventID?

    package init(projects: [ProjectID]) {
        names = projects
        for project in projects { states[project] = Self.beginning(of: project) }
    }

    /// How the items of a watch's projects stand; none named means all.
    package func itemStates(of projects: [ProjectID]) -> [ProjectID: [ItemKey: ConnectionState]] {
        states.filter { projects.isEmpty || projects.contains($0.key) }.mapValues(\.itemStates)
    }

    /// Something happens.
    package mutating func happen(using generator: inout some RandomNumberGenerator) {
        guard let project = names.randomElement(using: &generator) else { return }
        guard var state = states[project] else {
            states[project] = Self.beginning(of: project)
            return append(project, "project:added", items: states[project]?.items ?? [])
        }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0:
            states[project] = nil
            append(project, "project:removed", items: [])
        case 1...3: append(project, "run:finished", items: [])
        default:
            let first = Int.random(in: 0..<state.items.count, using: &generator)
            let last = Int.random(in: first..<state.items.count, using: &generator)
            for index in first...last {
                state.items[index].status = ConnectionState.allCases.randomElement(using: &generator) ?? .error
            }
            state.revision += 1
            states[project] = state
            append(project, "status:update", items: Array(state.items[first...last]))
        }
    }

    /// Keeps only the newest events.
    package mutating func keep(_ count: Int) {
        earlier.removeFirst(min(earlier.count, max(0, earlier.count + events.count - count)))
        events.removeFirst(max(0, events.count - count))
    }

    /// Begins an epoch, in which those who stand in the one before may go on if it is to be so.
    package mutating func beginEpoch(seamlessly: Bool) {
        seam = seamlessly ? newestID : nil
        earlier = seamlessly ? events : []
        newestID = EventID(epoch: newestID.epoch + 1, sequence: 0)
        events = []
    }

    package func open(projects: Set<ProjectID>, resumeAfter: EventID?) -> Stream {
        var stream = Stream(projects: projects, position: resumeAfter ?? newestID)
        if resumeAfter == nil { stream.snapshots = watched(by: stream) }
        return stream
    }

    /// What the stream gives next; nil when all is told. Updates that newer ones make up for may be passed over.
    package func next(_ stream: inout Stream, collapsing: Bool = false) -> WatchMessage? {
        if let reset = stream.reset {
            stream.reset = nil
            return .reset(reset)
        }
        while let project = stream.snapshots.popLast() {
            if let state = states[project] { return .snapshot(state, asOf: stream.position) }
        }
        if let reset = gap(behind: stream.position) {
            (stream.position, stream.reset) = (newestID, reset)
            stream.snapshots = watched(by: stream)
            return next(&stream)
        }
        var collapsed: UInt64 = 0
        for event in earlier + events where event.id.isBehind(stream.position) {
            guard stream.wants(event.projectID) else {
                stream.position = event.id
                continue
            }
            if collapsing, isMadeUpFor(event) {
                collapsed += 1
                continue
            }
            stream.position = event.id
            var event = event
            event.collapsed = collapsed
            return .event(event)
        }
        stream.position = newestID
        return nil
    }

    /// What an idle stream says.
    package func heartbeat(_ stream: Stream) -> WatchMessage {
        .heartbeat(stream.position, at: UnixTime(seconds: 0))
    }

    private func gap(behind place: EventID) -> WatchReset? {
        var reset = WatchReset(reason: .epoch, lostFrom: 0, lostTo: 0, resumeFrom: newestID, hasMoreItems: true)
        if place.epoch != newestID.epoch {
            guard let seam, place.epoch == seam.epoch, place.sequence <= seam.sequence else { return reset }
            let follows = earlier.count { $0.id.isBehind(place) } + events.count
            return follows == Int(seam.sequence - place.sequence + newestID.sequence) ? nil : reset
        }
        let oldest = newestID.sequence - UInt64(events.count) + 1
        if place.sequence > newestID.sequence {
            reset.reason = .future
        } else if place.sequence + 1 < oldest {
            reset.reason = .truncated
            (reset.lostFrom, reset.lostTo, reset.lostCount) = (
                place.sequence + 1, oldest - 1, oldest - 1 - place.sequence
            )
        } else {
            return nil
        }
        return reset
    }

    private func isMadeUpFor(_ event: StatusEvent) -> Bool {
        guard event.kind == "status:update" else { return false }
        let newer = (earlier + events).filter {
            $0.id.epoch == event.id.epoch && $0.id.isBehind(event.id) && $0.projectID == event.projectID
                && $0.kind == event.kind
        }
        return Set(event.items.map(\.key)).isSubset(of: newer.flatMap(\.items).map(\.key))
    }

    private func watched(by stream: Stream) -> [ProjectID] { states.keys.filter(stream.wants).sorted().reversed() }

    private mutating func append(_ project: ProjectID, _ kind: String, items: [IntegrationStatus]) {
        newestID.sequence += 1
        let revision = states[project]?.revision ?? 0
        events.append(
            StatusEvent(
                id: newestID, at: UnixTime(seconds: Int64(newestID.sequence)), projectID: project, kind: kind,
                items: items,
                hash: revision > 0 ? "\(revision)" : "", revision: revision))
    }

    private static func beginning(of project: ProjectID) -> StatusEnvelope {
        var state = StatusEnvelope(projectID: project)
        state.items = keys.map { IntegrationStatus(key: $0) }
        state.revision = 1
        return state
    }
}

extension StatusEnvelope {
    /// How its items stand, by key.
    package var itemStates: [ItemKey: ConnectionState] {
        (items + services).reduce(into: [:]) { $0[$1.key] = $1.status }
    }
}

extension EventID {
    /// Whether it comes after another, in a model whose epochs are numbered.
    fileprivate func isBehind(_ other: EventID) -> Bool { (other.epoch, other.sequence) < (epoch, sequence) }
}

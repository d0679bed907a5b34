import ClientTestSupport
import StatusModel
import TelltaleClient
import TestSupport
import Testing

/// The decisions of a watch against a daemon that is a value, over connections that break as chance will have it.
@Suite("A watch, whatever its connections do")
struct WatchModelTests {
    /// One reader, its watch, and the stream that is open.
    private struct Reader {
        let projects: [ProjectID]
        var history: WatchHistory
        var session: WatchSession
        var stream: ModelDaemon.Stream?
        /// What a reader keeps who outlives its process: where it stands, and what it knows there.
        var kept: EventID?
        var known: [ProjectID: [ItemKey: ConnectionState]] = [:]

        init(_ name: String, _ projects: [ProjectID]) {
            self.projects = projects
            history = WatchHistory(name: name, projects: projects)
            session = WatchSession(projects: projects, resumeAfter: nil)
            history.streams = [WatchHistory.Stream(resumeAfter: nil)]
        }

        /// The process ends, and another one goes on where it kept it had come to.
        mutating func startAnew() {
            session = WatchSession(projects: projects, resumeAfter: kept)
            stream = nil
            if kept == nil { known = [:] }
            history.streams.append(WatchHistory.Stream(resumeAfter: kept))
        }

        mutating func take(_ message: WatchMessage, at now: ContinuousClock.Instant, _ generator: inout SeededGenerator)
        {
            for update in session.received(message, at: now, using: &generator) {
                history.streams[history.streams.count - 1].take(update)
                learn(update)
            }
            kept = session.position
        }

        /// What any reader makes of it.
        private mutating func learn(_ update: StatusUpdate) {
            switch update {
            case .snapshot(let envelope, _): known[envelope.projectID] = envelope.itemStates
            case .event(let event) where event.kind == "project:removed": known[event.projectID] = nil
            case .event(let event):
                for item in event.items { known[event.projectID, default: [:]][item.key] = item.status }
            case .reset: known = [:]
            case .heartbeat, .connection: break
            }
        }
    }

    private let away = TelltaleError(.unavailable, "gone")

    @Test(
        "its reader gets each event once and in order, is told of every other, and knows how all stands",
        arguments: 0..<80 as Range<UInt64>)
    func anyConnection(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let projects = try ["a", "b", "c"].map { try Sample.project($0) }
        var daemon = ModelDaemon(projects: projects)
        var readers = [Reader("all", []), Reader("one", [projects[0]]), Reader("two", Array(projects[1...]))]
        var now = ContinuousClock.now
        for _ in 0..<200 {
            if Int.random(in: 0..<3, using: &generator) > 0 { daemon.happen(using: &generator) }
            if Int.random(in: 0..<50, using: &generator) == 0 {
                daemon.beginEpoch(seamlessly: Bool.random(using: &generator))
            }
            if Int.random(in: 0..<30, using: &generator) == 0 { daemon.keep(4) }
            now += .milliseconds(Int.random(in: 0...500, using: &generator))
            for index in readers.indices {
                step(&readers[index], daemon, &now, &generator)
                if Int.random(in: 0..<60, using: &generator) == 0 { readers[index].startAnew() }
            }
        }
        for index in readers.indices { finish(&readers[index], daemon, &now, &generator) }
        let histories = readers.map(\.history)
        #expect(WatchGuarantee.violations(in: histories) == [], "seed \(seed)")
        for reader in readers {
            // Whatever there was to read at the end was read, and leaves the reader with what is.
            let last = reader.history.streams.last?.messages.last
            #expect(
                last == .heartbeat(daemon.newestID, at: UnixTime(seconds: 0)), "\(reader.history.name), seed \(seed)")
            #expect(reader.known == daemon.itemStates(of: reader.projects), "\(reader.history.name), seed \(seed)")
        }
    }

    private func step(
        _ reader: inout Reader, _ daemon: ModelDaemon, _ now: inout ContinuousClock.Instant,
        _ generator: inout SeededGenerator
    ) {
        switch reader.session.action {
        case .open(let position):
            if Int.random(in: 0..<4, using: &generator) == 0 {
                _ = reader.session.failed(away, at: now, using: &generator)
            } else {
                reader.stream = daemon.open(projects: Set(reader.projects), resumeAfter: position)
                reader.session.opened(at: now)
            }
        case .receive: receive(&reader, daemon, now, &generator)
        case .wait(let until):
            now = max(now, until)
            reader.session.waited()
        case .poll, .finish: Issue.record("\(reader.session.action)")
        }
    }

    private func receive(
        _ reader: inout Reader, _ daemon: ModelDaemon, _ now: ContinuousClock.Instant,
        _ generator: inout SeededGenerator
    ) {
        guard var stream = reader.stream else { return }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let isCollapsing = Bool.random(using: &generator)
            let message = daemon.next(&stream, collapsing: isCollapsing) ?? daemon.heartbeat(stream)
            reader.take(message, at: now, &generator)
        }
        reader.stream = stream
        guard Int.random(in: 0..<8, using: &generator) == 0 else { return }
        reader.stream = nil
        if Bool.random(using: &generator), case .heartbeat(let place, _) = daemon.heartbeat(stream) {
            // Between snapshots too, as one who is cut off for being slow.
            reader.take(
                .goingAway(resumeFrom: place, retryAfter: .seconds(1), because: .slowConsumer), at: now, &generator)
        } else {
            _ = reader.session.failed(away, at: now, using: &generator)
        }
    }

    /// Nothing breaks any more: it comes to the end.
    private func finish(
        _ reader: inout Reader, _ daemon: ModelDaemon, _ now: inout ContinuousClock.Instant,
        _ generator: inout SeededGenerator
    ) {
        while true {
            guard case .receive = reader.session.action, var stream = reader.stream else {
                step(&reader, daemon, &now, &generator)
                continue
            }
            while let message = daemon.next(&stream) { reader.take(message, at: now, &generator) }
            return reader.take(daemon.heartbeat(stream), at: now, &generator)
        }
    }
}

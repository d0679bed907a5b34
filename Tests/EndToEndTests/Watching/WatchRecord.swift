import ClientTestSupport
import Locks
import StatusModel
import Synchronization
import TelltaleClient
import TestSupport

/// What one watcher has received so far, written by the watcher and read by whoever waits for it.
final class WatchRecord: Sendable {
    private struct State {
        var history: WatchHistory
        var place: EventID?
    }

    private let state: Lock<State>

    init(_ name: String, projects: [ProjectID] = [], kinds: [String] = []) {
        state = Lock(State(history: WatchHistory(name: name, projects: projects, kinds: kinds)))
    }

    var history: WatchHistory { state.withLock { $0.history } }

    /// Up to where it has been told everything; nil while it has not.
    var place: EventID? { state.withLock { $0.place } }

    /// Whether it has come to this event, or past it.
    func isAt(_ goal: EventID) -> Bool { place.map { $0.epoch == goal.epoch && $0.sequence >= goal.sequence } ?? false }

    func begin(behind place: EventID?) {
        state.withLock { $0.history.streams.append(WatchHistory.Stream(resumeAfter: place)) }
    }

    /// Notes an update of a client, and where its reader may go on.
    func take(_ update: StatusUpdate, resumePosition: EventID?) {
        state.withLock { state in
            // Before the first stream there is only the word that nobody is there yet.
            if let last = state.history.streams.indices.last { state.history.streams[last].take(update) }
            state.place = resumePosition
        }
    }

    /// Notes a message of a bare stream.
    func take(_ message: WatchMessage) {
        state.withLock { state in
            state.history.streams[state.history.streams.count - 1].messages.append(message)
            switch message {
            case .event(let event): state.place = event.id
            case .heartbeat(let id, _): state.place = id
            case .reset: state.place = nil
            // Between two snapshots there is no place that it could name.
            case .goingAway(let id, _, _): if state.place != nil { state.place = id }
            case .snapshot: break
            }
        }
    }
}

/// Tells those who come and go how far it is.
final class ChaosClock: Sendable {
    private let over = Atomic(false)

    var isOver: Bool { over.load(ordering: .acquiring) }

    func end() { over.store(true, ordering: .releasing) }
}

import Locks
import ProtobufMessages
package import StatusCore
package import StatusModel
package import StatusWire
import Synchronization

/// A view as it was rendered and encoded once, for every reader of one role until its words are no longer true.
package final class PublishedView: Sendable {
    /// What an answer is decided by and told with. Its envelope has no items: they are in ``encoded``, which is a third as
    /// large, and ``BoardEntry/envelope(for:at:)`` renders them for whoever needs them otherwise.
    package let rendered: RenderedView
    package let encoded: EncodedView
    /// What a caller gets who holds this view's digest already.
    package let notModified: [UInt8]
    /// When the project is refreshed next by itself, if that is planned.
    package let nextAttemptAt: UnixTime?
    private let renderedAt: Moment

    fileprivate init(_ rendered: RenderedView, nextAttemptAt: UnixTime?, at now: Moment) {
        let arena = MessageArena()
        renderedAt = now
        self.rendered = rendered.withoutItems
        self.nextAttemptAt = nextAttemptAt
        encoded = EncodedView(rendered.envelope, in: arena)
        notModified = EncodedView.notModifiedPrefix(hash: rendered.envelope.hash, in: arena)
    }

    /// Whether its words are still true. The times that it shows are of the wall clock, so it falls with a step of that.
    fileprivate func holds(at now: Moment) -> Bool {
        now.instant < rendered.validUntil && renderedAt.wall(asOf: now) == renderedAt.wall
    }
}

/// One project on the board: its newest snapshot, and its views as far as somebody has asked for them lately.
package final class BoardEntry: Sendable {
    private struct State {
        var snapshot: ProjectSnapshot
        var progress = RefreshProgress()
        /// None until asked for, and after a change.
        var views = RoleViews()
    }

    package let id: ProjectID
    private let state: Lock<State>
    private let shared: BoardParts
    /// When a reader last asked, in nanoseconds on the board's own scale; 0 for never.
    private let askedAt = Atomic<Int64>(0)
    private let watchers = Atomic<Int>(0)
    /// The most that readers have asked for and the engine has not looked at; 0 for nothing.
    private let nudge = Atomic<Int64>(0)
    /// Grows with whatever the engine publishes of the project, its removal included.
    private let published = Atomic<UInt64>(1)

    init(_ snapshot: ProjectSnapshot, shared: BoardParts) {
        id = snapshot.projectID
        state = Lock(State(snapshot: snapshot))
        self.shared = shared
    }

    /// The view of a role at a moment, rendered now if nobody has asked for it since it last changed or expired.
    package func view(for role: Role, at now: Moment) -> (view: PublishedView, progress: RefreshProgress) {
        state.withLock { state in
            if let view = state.views[role], view.holds(at: now) { return (view, state.progress) }
            let rendered = shared.render(state.snapshot, for: role, at: now)
            let view = PublishedView(
                rendered, nextAttemptAt: state.snapshot.nextAttemptAt(for: role, asOf: now), at: now)
            state.views[role] = view
            shared.shelf.put(view)
            return (view, state.progress)
        }
    }

    /// What the role sees, for whoever needs it once: nothing is encoded or kept for readers that may never come, and it has
    /// no `render_hash`, which only they compare.
    package func envelope(for role: Role, at now: Moment) -> StatusEnvelope {
        shared.envelope(of: snapshot, for: role, at: now)
    }

    /// The same of all roles, for an event.
    func eventViews(at now: Moment) -> EventViews { EventViews(of: snapshot, parts: shared, at: now) }

    /// What is known of the project.
    package var snapshot: ProjectSnapshot { state.withLock { $0.snapshot } }

    /// Changes whenever an answer made before may no longer hold. Read it before what the answer is made of.
    package var version: UInt64 { published.load(ordering: .acquiring) }

    func publish(_ snapshot: ProjectSnapshot, progress: RefreshProgress) {
        defer { published.add(1, ordering: .releasing) }
        state.withLock { state in
            state.progress = progress
            guard state.snapshot != snapshot else { return }
            state.snapshot = snapshot
            state.views = RoleViews()
        }
    }

    func publish(progress: RefreshProgress) {
        state.withLock { $0.progress = progress }
        published.add(1, ordering: .releasing)
    }

    func withdraw() { published.add(1, ordering: .releasing) }

    /// Notes that somebody asked. Called for every read, so it is one store.
    package func noteAsked(at nanoseconds: Int64) { askedAt.store(nanoseconds, ordering: .relaxed) }

    /// The same, and when somebody asked before; 0 for never.
    func exchangeAsked(at nanoseconds: Int64) -> Int64 { askedAt.exchange(nanoseconds, ordering: .relaxed) }

    var lastAskedAt: Int64 { askedAt.load(ordering: .relaxed) }

    /// How many open watches name the project.
    var watcherCount: Int { watchers.load(ordering: .sequentiallyConsistent) }

    /// How many there were before.
    func addWatchers(_ change: Int) -> Int {
        watchers.add(change, ordering: .sequentiallyConsistent).oldValue
    }

    /// Notes what a reader asks for. Whether the caller is the one to tell the engine; others have told it already.
    func claimNudge(_ wish: RefreshWish) -> Bool {
        nudge.max(wish.rank, ordering: .acquiringAndReleasing).oldValue == 0
    }

    /// What readers have asked for since the engine last looked.
    func takeNudge() -> RefreshWish? { RefreshWish(rank: nudge.exchange(0, ordering: .acquiringAndReleasing)) }
}

/// What a reader asks of the engine behind an answer.
package enum RefreshWish: Hashable, Sendable {
    /// To read what is due.
    case due
    /// Also what is older than that.
    case olderThan(Duration)

    /// As a number that is the higher the more is asked, and never 0, which stands for nothing.
    fileprivate var rank: Int64 {
        switch self {
        case .due: 1
        case .olderThan(let age): .max - min(max(age.saturatedNanoseconds, 0), .max - 2)
        }
    }

    fileprivate init?(rank: Int64) {
        switch rank {
        case 0: return nil
        case 1: self = .due
        default: self = .olderThan(.nanoseconds(.max - rank))
        }
    }
}

extension ProjectSnapshot {
    /// When the first of the items that the role sees is tried next; nil when no instant to come is planned.
    func nextAttemptAt(for role: Role, asOf now: Moment) -> UnixTime? {
        (items + services).filter { !isHidden($0.key, from: role) }.compactMap { $0.nextAttemptAt }.filter {
            $0.instant > now.instant
        }
        .min { $0.instant < $1.instant }?.wall(asOf: now)
    }
}

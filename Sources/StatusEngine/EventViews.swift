import StatusCore
import StatusModel

/// The views of a project at one moment as an event tells of them: each is made when it is first asked for, and once for all
/// roles that see the same.
struct EventViews {
    private let snapshot: ProjectSnapshot
    private let parts: BoardParts
    private let now: Moment
    private var made: [Role: StatusEnvelope] = [:]

    init(of snapshot: ProjectSnapshot, parts: BoardParts, at now: Moment) {
        self.snapshot = snapshot
        self.parts = parts
        self.now = now
    }

    /// The role's view, without what only those compare who read it (``BoardEntry/envelope(for:at:)``).
    mutating func view(for role: Role) -> StatusEnvelope {
        let first = snapshot.first(seeingSameAs: role)
        var view = made[first] ?? parts.envelope(of: snapshot, for: first, at: now)
        made[first] = view
        // The one thing that differs: each role counts the changes that it could see since it may see them.
        view.revision = snapshot.revisions[role, default: 0]
        return view
    }
}

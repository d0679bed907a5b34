import Locks
import StatusCore
import StatusModel
import Synchronization

/// Holds the views that were rendered last. Entries of the board only point to theirs, so a view is kept as long as it
/// stands here: ten thousand projects that are read once cost what they know, and not ten thousand rendered views.
///
/// The oldest makes room whether or not it is in use; it is rendered again when somebody asks, as it would be within the
/// minute anyway (`ViewPolicy.validityMax`).
final class ViewShelf: Sendable {
    /// How many views are kept. At about 2 KiB each they take 4 MiB.
    static let viewsMax = 2048

    private struct Places {
        var views: [PublishedView] = []
        /// Where the oldest stands, once all places are taken.
        var oldest = 0
    }

    private let places = Lock(Places())

    /// Keeps a view, and lets go of the oldest where there is no place left.
    func put(_ view: PublishedView) {
        // Let go of outside of the lock: to end a view takes longer than to move a reference.
        _ = places.withLock { places -> PublishedView? in
            guard places.views.count >= Self.viewsMax else {
                places.views.append(view)
                return nil
            }
            let last = places.views[places.oldest]
            places.views[places.oldest] = view
            places.oldest = (places.oldest + 1) % Self.viewsMax
            return last
        }
    }
}

/// The views of one project, as far as they are still held by the ``ViewShelf``.
struct RoleViews {
    private weak var owner: PublishedView?
    private weak var admin: PublishedView?
    private weak var editor: PublishedView?
    private weak var viewer: PublishedView?

    subscript(role: Role) -> PublishedView? {
        get {
            switch role {
            case .owner: owner
            case .admin: admin
            case .editor: editor
            case .viewer: viewer
            }
        }
        set {
            switch role {
            case .owner: owner = newValue
            case .admin: admin = newValue
            case .editor: editor = newValue
            case .viewer: viewer = newValue
            }
        }
    }
}

/// What all entries of a board have in common.
final class BoardParts: Sendable {
    let shelf = ViewShelf()
    let digest: DigestFunction
    private let policy: ViewPolicy

    init(digest: @escaping DigestFunction, policy: ViewPolicy) {
        self.digest = digest
        self.policy = policy
    }

    func render(_ snapshot: ProjectSnapshot, for role: Role, at now: Moment) -> RenderedView {
        ViewRenderer.render(snapshot, role: role, now: now, digest: digest, policy: policy)
    }

    func envelope(of snapshot: ProjectSnapshot, for role: Role, at now: Moment) -> StatusEnvelope {
        ViewRenderer.envelope(of: snapshot, role: role, now: now, digest: digest, policy: policy)
    }
}

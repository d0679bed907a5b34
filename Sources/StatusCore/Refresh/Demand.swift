package import StatusModel

extension Demand {
    /// - Parameters:
    ///   - isWatched: Whether a watch on the project is open.
    ///   - lastAskedAt: When a read or a watch last asked for it; nil if none ever did.
    ///   - now: The moment of judging.
    ///   - policy: What counts as recent and as forgotten.
    package init(
        isWatched: Bool, lastAskedAt: ContinuousClock.Instant?, now: ContinuousClock.Instant,
        policy: RefreshPolicy = RefreshPolicy()
    ) {
        guard !isWatched else {
            self = .watched
            return
        }
        guard let age = lastAskedAt.map({ $0.duration(to: now) }), age < policy.forgottenAfter else {
            self = .forgotten
            return
        }
        self = age <= policy.recentlyReadFor ? .recentlyRead : .idle
    }

    /// How often to read an item by itself, before jitter; nil when only a reader's call does.
    package func interval(
        for key: ItemKey, isAnyoneWatching: Bool, policy: RefreshPolicy = RefreshPolicy()
    ) -> Duration? {
        switch self {
        case .watched, .recentlyRead: policy.timeToLive(of: key)
        case .idle: isAnyoneWatching ? policy.idleInterval : nil
        case .forgotten: nil
        }
    }
}

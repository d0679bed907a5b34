public import StatusModel

/// One element of ``StatusUpdates``.
public enum StatusUpdate: Hashable, Sendable {
    /// The state of one project, whole. Every event up to `asOf` is in it; nil when it was polled.
    case snapshot(StatusEnvelope, asOf: EventID?)
    /// Something happened to a project. The items that changed come whole.
    case event(StatusEvent)
    /// Nothing happened up to this place in the journal.
    case heartbeat(EventID, at: UnixTime)
    /// Events were lost: what is known is forgotten, and snapshots of all that is watched follow.
    case reset(WatchReset)
    /// How the watch itself stands has changed.
    case connection(WatchConnection)
}

/// How a watch stands with the daemon.
public enum WatchConnection: Hashable, Sendable {
    /// Updates come as they happen.
    case connected
    /// The daemon is out of reach; the watch tries again by itself and goes on where it stood.
    ///
    /// - Parameters:
    ///   - attempt: The number of the attempt that comes next, from 1.
    ///   - until: When it is made.
    ///   - error: What ended the connection, or kept it from coming about.
    case reconnecting(attempt: Int, until: ContinuousClock.Instant, after: TelltaleError)
    /// The daemon answers and refuses to be watched: it is asked every 15 s instead, for whole states. A project that
    /// is removed meanwhile is not noticed.
    case polling(because: TelltaleError)
}

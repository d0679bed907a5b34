/// How it stands with what the daemon keeps on disk (SPEC §5).
public struct StoreStats: Hashable, Sendable {
    /// The file; empty when nothing is kept beyond the process, and for readers below admin.
    public var path: String
    /// How large it is, in bytes.
    public var bytes: UInt64
    /// Whether what is learnt is being kept.
    public var isPersisting: Bool
    /// Why not, and what to do about it, in one sentence; empty when it is.
    public var trouble: String
    /// Changes that are not yet durable.
    public var pending: Int
    /// When something was last made durable; nil when nothing has been since the daemon started.
    public var lastSavedAt: UnixTime?

    /// Makes one from its parts.
    public init(
        path: String = "", bytes: UInt64 = 0, isPersisting: Bool = false, trouble: String = "", pending: Int = 0,
        lastSavedAt: UnixTime? = nil
    ) {
        self.path = path
        self.bytes = bytes
        self.isPersisting = isPersisting
        self.trouble = trouble
        self.pending = pending
        self.lastSavedAt = lastSavedAt
    }
}

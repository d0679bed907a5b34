package import StatusCore
package import StatusModel

/// What happened to the store that an operator wants to read in the log.
package enum StoreNotice: Hashable, Sendable {
    /// There was no file, and one was begun.
    case created
    /// The file of an earlier daemon was brought to this one's schema.
    case migrated(from: Int64, to: Int64)
    /// The file was damaged; it is kept under this path.
    case setAside(path: String)
    /// So many rows of a damaged file stand in the new one; of these tables some could not be read.
    case salvaged(rows: Int, lostTables: [String])
    /// The file is not known as the one that was last written here; the journal begins another epoch.
    case putBack
    /// The mark at this path cannot be written. As long as that is so each start begins another epoch and counts keys as lost.
    case markRefused(path: String)
    /// Keys of actions may have been forgotten; until then none that was given before runs unasked.
    case keysLost(until: UnixTime)
    /// It cannot keep anything at the moment. Told once for each kind of trouble.
    case trouble(StoreError)
    /// It can again.
    case recovered
    /// It could be opened, for the first time since the start.
    case reached
}

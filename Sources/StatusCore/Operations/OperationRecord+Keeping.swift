// How long what is known of operations counts.

extension OperationName {
    /// How long a key stands for its operation once that is over, whatever else is forgotten earlier (SPEC §7).
    package static let lifetime = Duration.seconds(24 * 3_600)
}

extension OperationRecord {
    /// The longest result that is kept, in bytes.
    package static let resultBytesMax = 16 << 10
    /// The longest of its texts that is kept, in bytes of UTF-8.
    package static let textBytesMax = 4 << 10
    /// A start needs those that were recorded so recently: they count against the limit of actions per minute (SPEC §7).
    package static let recentAge = Duration.seconds(120)

    /// Whether a daemon that starts has to know of it.
    package func isNeededAtStart(at now: Moment) -> Bool {
        !isOver || now.age(since: createdAt) <= Self.recentAge
    }
}

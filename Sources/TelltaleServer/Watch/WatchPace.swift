/// Whether a watcher is too slow to be told everything, and what it has not been told (SPEC §6).
///
/// A slow one is spared the state updates that newer ones supersede. A replay is told whole, however far it is behind: it
/// was asked for.
package struct WatchPace {
    /// A watcher that is no further behind gets every event.
    package static let eventsBehindMax: UInt64 = 256
    /// Nor is one slow whose next event is younger: it is a burst that keeps it behind.
    package static let ageMax = Duration.seconds(1)

    /// It was at the end of the journal once, or began there.
    private var hasCaughtUp: Bool
    /// How many updates were left out since the last message.
    package private(set) var collapsed: UInt64 = 0

    /// - Parameter replays: Whether the watcher resumes, so that older events come first.
    package init(replays: Bool) { hasCaughtUp = !replays }

    /// The watcher has reached the end, or was given snapshots in place of the events.
    package mutating func caughtUp() { hasCaughtUp = true }

    /// Whether the next event may be left out if newer ones supersede it.
    ///
    /// - Parameters:
    ///   - behind: How many events there are from it to the newest.
    ///   - age: How long ago it happened; asked for only where it counts.
    /// - Returns: Whether it is to be asked what newer ones say.
    package func isSlow(behind: UInt64, age: @autoclosure () -> Duration) -> Bool {
        hasCaughtUp && behind > Self.eventsBehindMax && age() > Self.ageMax
    }

    /// An update was left out.
    package mutating func leftOut() { collapsed += 1 }

    /// The count goes out with the next message.
    package mutating func told() { collapsed = 0 }
}

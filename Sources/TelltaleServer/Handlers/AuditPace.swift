/// Which decisions have a line of their own: so many a second of each kind and peer. The others are counted, so that nobody
/// fills the log who is not slowed down by it. What is allowed waits for its line, and is not counted here.
package struct AuditPace: Sendable {
    /// Whose decisions are alike.
    package struct Kind: Hashable, Sendable {
        /// The peer's; nil for those of whoever comes when ``kindsMax`` are told apart already.
        package var userID: UInt32?
        package var decision: String

        package init(userID: UInt32?, decision: String) {
            self.userID = userID
            self.decision = decision
        }
    }

    /// What the lines are counted in.
    package static let window = Duration.seconds(1)
    /// How many lines a kind has in one window.
    package static let linesMax = 1_000
    /// How many kinds are told apart: more than there are peers by default, with four decisions each.
    package static let kindsMax = 1_024

    private var windowEnd: ContinuousClock.Instant?
    private var counts: [Kind: Int] = [:]
    private var untold: [Kind: Int] = [:]

    package init() {}

    /// Whether a decision has its line; if not, it is counted.
    package mutating func admits(_ kind: Kind, at now: ContinuousClock.Instant) -> Bool {
        if windowEnd.map({ $0 <= now }) ?? true {
            windowEnd = now.advanced(by: Self.window)
            counts = [:]
        }
        guard Self.count(kind, in: &counts) > Self.linesMax else { return true }
        _ = Self.count(kind, in: &untold)
        return false
    }

    /// How many had no line since this was last asked.
    package mutating func takeUntold() -> [Kind: Int] {
        defer { untold = [:] }
        return untold
    }

    private static func count(_ kind: Kind, in counts: inout [Kind: Int]) -> Int {
        let isKnown = counts[kind] != nil || counts.count < kindsMax
        let kind = isKnown ? kind : Kind(userID: nil, decision: kind.decision)
        counts[kind, default: 0] += 1
        return counts[kind, default: 0]
    }
}

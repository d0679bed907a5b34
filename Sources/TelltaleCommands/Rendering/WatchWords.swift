import StatusModel
import TelltaleClient

// What a watch says of itself, as a person reads it.

extension WatchConnection {
    /// How the watch stands, in a sentence without a full stop; nil when all is as it should be.
    func words(at now: ContinuousClock.Instant) -> String? {
        switch self {
        case .connected: nil
        case .reconnecting(_, let until, let error):
            "\(error.message) Trying again \(AgeText.after(now.duration(to: until)))"
        case .polling(let error): "Asking every 15 s, for watching is refused: \(error.message)"
        }
    }
}

extension WatchReset {
    /// Items that are named; more of them say nothing more to a person.
    private static let namesMax = 5

    /// What was lost, why, and what comes instead.
    var words: String {
        [lossWords, reasonWords, itemWords, "All states follow."].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private var lossWords: String {
        guard lostTo > 0, lostFrom <= lostTo else { return "Events were lost." }
        return lostFrom == lostTo
            ? "Event \(lostFrom) was lost." : "Events \(lostFrom) to \(lostTo) were lost."
    }

    private var reasonWords: String {
        switch reason {
        case .truncated: "The daemon can tell \(lostTo > 0 && lostFrom == lostTo ? "it" : "them") no more."
        case .epoch: "The daemon has begun a new journal since."
        case .future: "The daemon knows of none so new: its journal was put back."
        }
    }

    private var itemWords: String {
        guard !lostItems.isEmpty else { return "" }
        let names = lostItems.prefix(Self.namesMax).map { "\($0.projectID)/\($0.key)" }
        let hasOthers = hasMoreItems || lostItems.count > names.count
        return "Changed may be \(names.joined(separator: ", "))\(hasOthers ? " and others" : "")."
    }
}

extension StatusEvent {
    /// What was passed over before this event.
    var collapsedWords: String {
        collapsed == 1
            ? "1 update was left out, for this reader was slow and a newer one says the same."
            : "\(collapsed) updates were left out, for this reader was slow and newer ones say all that they said."
    }
}

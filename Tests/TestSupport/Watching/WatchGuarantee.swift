package import StatusModel

/// What a watch promises: the six guarantees of etcd's watch, and that snapshots say what the events say (SPEC §6).
package enum WatchGuarantee: String, CaseIterable, Sendable {
    /// Events come in the order of their ids.
    case ordered
    /// No event comes twice.
    case unique
    /// None is left out, unless that is said: by a reset, or as collapsed behind a newer one.
    case reliable
    /// What happened at once comes at once: each event whole, the same for everybody.
    case atomic
    /// A stream that goes on behind a place begins with what follows it, or with a reset that tells the truth.
    case resumable
    /// The place that an idle stream names is ahead of no event that is still to come.
    case bookmarkable
    /// A snapshot is what the events up to its place add up to.
    case faithful

    /// Where the histories of watchers of one role break the promise, in words; empty where they keep it. `acknowledged`
    /// are events that somebody was promised, whoever saw them.
    package func violations(in histories: [WatchHistory], acknowledged: [StatusEvent] = []) -> [String] {
        let truth = WatchTruth(histories, acknowledged: acknowledged)
        let found = histories.flatMap { history in
            let words =
                switch self {
                case .ordered: eachSegment(of: history) { $0.disorder() }
                case .unique: eachSegment(of: history) { $0.repetitions() }
                case .reliable: eachSegment(of: history) { $0.gaps(history, truth) }
                case .bookmarkable: eachSegment(of: history) { $0.falseBookmarks(history, truth) }
                case .atomic: eachSegment(of: history) { $0.tornEvents(truth) }
                case .resumable: history.streams.flatMap { $0.falseBeginnings(history, truth) }
                case .faithful: history.falseSnapshots(truth)
                }
            return words.map { "\(self): \(history.name): \($0)" }
        }
        return found + (self == .atomic ? truth.conflicts : [])
    }

    /// Where the histories break any of them.
    package static func violations(
        in histories: [WatchHistory], acknowledged: [StatusEvent] = []
    ) -> [String] {
        allCases.flatMap { $0.violations(in: histories, acknowledged: acknowledged) }
    }

    private func eachSegment(of history: WatchHistory, _ look: (WatchSegment) -> [String]) -> [String] {
        history.streams.flatMap { stream in
            let (segments, orphans) = WatchSegment.segments(of: stream)
            return segments.flatMap(look) + orphans.map { "\($0.id.words) before any snapshot" }
        }
    }
}

extension WatchSegment {
    fileprivate func disorder() -> [String] {
        zip(events, events.dropFirst()).filter { $0.id.sequence > $1.id.sequence }
            .map { "\($1.id.words) comes behind \($0.id.words)" }
    }

    fileprivate func repetitions() -> [String] {
        var seen: Set<UInt64> = []
        return events.compactMap { event in
            if !seen.insert(event.id.sequence).inserted { return "\(event.id.words) comes twice" }
            return event.id.sequence <= start(of: event.projectID) ? "\(event.id.words) was told before" : nil
        }
    }

    fileprivate func tornEvents(_ truth: WatchTruth) -> [String] {
        events.compactMap { event in
            let whole = truth[event.id].map { Set($0.items.map(\.key)) } ?? []
            return Set(event.items.map(\.key)) == whole ? nil : "\(event.id.words) comes in parts"
        }
    }

    /// What is missing, but for state updates that newer ones of the same items make up for and that were counted.
    fileprivate func gaps(_ history: WatchHistory, _ truth: WatchTruth) -> [String] {
        let given = Dictionary(events.map { ($0.id.sequence, $0) }) { first, _ in first }
        var found: [String] = []
        var leftOut: UInt64 = 0
        var last = after
        for event in expected(by: history, truth) {
            if let told = given[event.id.sequence] {
                // Somebody has to have seen all of them to know of one that was counted and not left out.
                let isKnown = truth.isComplete(after: last, through: told.id.sequence)
                if told.collapsed < leftOut || isKnown && told.collapsed > leftOut {
                    found.append("\(event.id.words) counts \(told.collapsed) left out, and \(leftOut) are")
                }
                (leftOut, last) = (0, told.id)
            } else if isMadeUpFor(event, truth) {
                leftOut += 1
            } else {
                found.append("\(event.id.words) is missing")
            }
        }
        return found
    }

    /// Whether newer updates of the same items came, or the stream ended before they could.
    private func isMadeUpFor(_ event: StatusEvent, _ truth: WatchTruth) -> Bool {
        guard event.kind == "status:update" else { return false }
        let end = EventID(epoch: after.epoch, sequence: through(truth))
        let given = Set(events.map(\.id.sequence))
        let newer = truth.events(after: event.id, through: .max).filter {
            $0.kind == event.kind && $0.projectID == event.projectID
                && ($0.id.sequence > end.sequence || given.contains($0.id.sequence))
        }
        if Set(event.items.map(\.key)).isSubset(of: newer.flatMap(\.items).map(\.key)) { return true }
        // One that came too late for this stream and was lost to all others has no witness.
        return !truth.isComplete(after: end, through: .max)
    }

    fileprivate func falseBookmarks(_ history: WatchHistory, _ truth: WatchTruth) -> [String] {
        let expected = expected(by: history, truth)
        var newest = after.sequence
        var found: [String] = []
        for (index, mark) in marks.enumerated() {
            switch mark {
            case .event(let event): newest = max(newest, event.id.sequence)
            case .bookmark(let id):
                // What comes behind it, and what never came: both were promised before it.
                let late = marks[index...].contains { later in
                    if case .event(let event) = later { event.id.sequence <= id.sequence } else { false }
                }
                let lost = expected.contains { $0.id.sequence > newest && $0.id.sequence <= id.sequence }
                if late || lost { found.append("\(id.words) is ahead of an event") }
                if id.sequence < newest { found.append("\(id.words) is behind \(newest)") }
                newest = max(newest, id.sequence)
            }
        }
        return found
    }
}

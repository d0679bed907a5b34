import StatusModel
import TestSupport
import Testing

@Suite("The guarantees of a watch")
struct WatchGuaranteeTests {
    @Test("hold of whatever a daemon that keeps them tells", arguments: 0..<60 as Range<UInt64>)
    func valid(seed: UInt64) throws {
        let histories = try randomHistories(seed: seed)
        #expect(WatchGuarantee.violations(in: histories) == [], "seed \(seed)")
        #expect(histories.flatMap(\.streams).contains { $0.resumeAfter != nil }, "seed \(seed)")
    }

    @Test("an event in the wrong place is noticed")
    func ordered() throws {
        try expectNoticed(by: .ordered, "two swapped") { messages in
            guard let index = messages.firstPairOfEvents else { return false }
            messages.swapAt(index, index + 1)
            return true
        }
        try expectNoticed(by: .ordered, "the first comes last") { messages in
            guard let index = messages.firstPairOfEvents else { return false }
            messages.insert(messages.remove(at: index), at: index + 1)
            return true
        }
    }

    @Test("an event that comes twice is noticed")
    func unique() throws {
        try expectNoticed(by: .unique, "one repeated") { messages in
            guard let index = messages.firstPairOfEvents else { return false }
            messages.insert(messages[index], at: index + 1)
            return true
        }
        try expectNoticed(by: .unique, "one from before the snapshots") { messages in
            guard let index = messages.firstPairOfEvents, case .event(var event) = messages[index],
                case .snapshot(_, let asOf)? = messages.first, asOf.sequence > 0, asOf.epoch == event.id.epoch
            else { return false }
            event.id = asOf
            messages.insert(.event(event), at: index)
            return true
        }
    }

    @Test("an event that is left out without a word is noticed")
    func reliable() throws {
        try expectNoticed(by: .reliable, "one left out") { messages in
            guard let index = messages.firstPairOfEvents else { return false }
            messages.remove(at: index)
            return true
        }
        try expectNoticed(by: .reliable, "a count of what was never left out") { messages in
            guard let index = messages.firstPairOfEvents, case .event(var event) = messages[index] else { return false }
            event.collapsed += 1
            messages[index] = .event(event)
            return true
        }
    }
}

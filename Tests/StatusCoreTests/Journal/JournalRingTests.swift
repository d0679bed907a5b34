import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("The journal ring")
struct JournalRingTests {
    private func id(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    private func filled(_ count: Int, capacity: Int = 4) -> JournalRing<Int> {
        var ring = JournalRing<Int>(epoch: 7, capacity: capacity)
        for event in 1...count { ring.append(event) }
        return ring
    }

    @Test("ids grow by one within the epoch, from one")
    func ids() {
        var ring = JournalRing<String>(epoch: 7, capacity: 2)
        #expect(ring.newestID == id(0) && ring.nextID == id(1) && ring.oldestID == id(1))
        #expect(ring.append("a") == id(1))
        #expect(ring.append("b") == id(2))
        #expect(ring.append("c") == id(3))
        #expect(ring.newestID == id(3) && ring.oldestID == id(2) && ring.count == 2)
    }

    @Test("a cursor gets what follows it, in order, at most as much as it asked for")
    func replay() {
        let ring = filled(6)
        #expect(
            ring.events(after: id(4), limit: 10) == .events([.init(id: id(5), event: 5), .init(id: id(6), event: 6)]))
        #expect(ring.events(after: id(2), limit: 1) == .events([.init(id: id(3), event: 3)]))
        #expect(ring.events(after: id(6), limit: 10) == .events([]))
        #expect(ring.events(after: id(3), limit: 0) == .events([]))
        #expect(ring.events(after: id(3), limit: -1) == .events([]))
    }

    @Test("a cursor that fell off learns exactly what it lost")
    func truncated() {
        #expect(filled(6).events(after: id(1), limit: 9) == .truncated(lostFrom: 2, lostTo: 2))
        #expect(filled(6).events(after: id(0), limit: 9) == .truncated(lostFrom: 1, lostTo: 2))
        let restarted = JournalRing<Int>(epoch: 7, capacity: 4, startingAfter: 5000)
        #expect(restarted.events(after: id(10), limit: 9) == .truncated(lostFrom: 11, lostTo: 5000))
        #expect(restarted.events(after: id(5000), limit: 9) == .events([]))
    }

    @Test("an id of another epoch or of the future never gets old events")
    func foreign() {
        #expect(filled(3).events(after: id(1, epoch: 8), limit: 9) == .epoch)
        #expect(filled(3).events(after: id(4), limit: 9) == .future)
        #expect(filled(3).events(after: id(.max), limit: 9) == .future)
    }

    @Test("no capacity and no start is beyond it")
    func extremes() {
        var ring = JournalRing<Int>(epoch: 7, capacity: -5, startingAfter: .max)
        ring.append(1)
        ring.append(2)
        #expect(ring.count == 1 && ring[ring.newestID.sequence] == 2)
        #expect(ring[0] == nil && ring[.max] == nil)
    }

    @Test("behaves as a list that forgets its beginning", arguments: 1...8 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...9, using: &generator)
        var ring = JournalRing<UInt64>(epoch: 7, capacity: capacity)
        var all: [UInt64] = []
        for _ in 0..<400 {
            if Bool.random(using: &generator) {
                let event = generator.next()
                all.append(event)
                #expect(ring.append(event) == id(UInt64(all.count)), "seed \(seed)")
            }
            let cursor = UInt64.random(in: 0...UInt64(all.count + 2), using: &generator)
            let limit = Int.random(in: 0...12, using: &generator)
            let expected = expectation(all, capacity: capacity, cursor: cursor, limit: limit)
            #expect(ring.events(after: id(cursor), limit: limit) == expected, "seed \(seed)")
            #expect(ring.count == min(all.count, capacity), "seed \(seed)")
        }
    }

    @Test("behaves as a list of which the oldest are taken out", arguments: 1...8 as ClosedRange<UInt64>)
    func removal(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...9, using: &generator)
        var ring = JournalRing<UInt64>(epoch: 7, capacity: capacity)
        var kept: [UInt64] = []
        var total = 0
        for _ in 0..<400 {
            if Int.random(in: 0..<3, using: &generator) > 0 {
                kept = Array((kept + [generator.next()]).suffix(capacity))
                total += 1
                ring.append(kept[kept.count - 1])
            } else {
                #expect(ring.removeOldest() == kept.first, "seed \(seed)")
                kept = Array(kept.dropFirst())
            }
            #expect(ring.count == kept.count, "seed \(seed)")
            #expect(ring.newestID == id(UInt64(total)), "seed \(seed)")
            #expect(ring.oldestID == id(UInt64(total - kept.count + 1)), "seed \(seed)")
            guard case .events(let entries) = ring.events(after: id(UInt64(total - kept.count)), limit: 100) else {
                Issue.record("what is kept cannot be had, seed \(seed)")
                continue
            }
            #expect(entries.map(\.event) == kept, "seed \(seed)")
        }
    }

    private func expectation(
        _ all: [UInt64], capacity: Int, cursor: UInt64, limit: Int
    ) -> JournalRing<UInt64>.Replay {
        let dropped = UInt64(max(0, all.count - capacity))
        if cursor > all.count { return .future }
        if cursor < dropped { return .truncated(lostFrom: cursor + 1, lostTo: dropped) }
        let entries = all.enumerated().dropFirst(Int(cursor)).prefix(limit).map { offset, event in
            JournalRing<UInt64>.Entry(id: id(UInt64(offset) + 1), event: event)
        }
        return .events(Array(entries))
    }
}

import StatusCore
import TestSupport
import Testing

@Suite("The refresh schedule")
struct RefreshScheduleTests {
    private let start = Samples.start.instant

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    @Test("gives what is due, the earliest first, and keeps the rest")
    func order() {
        var schedule = RefreshSchedule<String>()
        schedule.upsert("c", due: at(3))
        schedule.upsert("a", due: at(1))
        schedule.upsert("b", due: at(2))
        #expect(schedule.nextDue == at(1))
        #expect(schedule.popDue(at: at(0)).isEmpty)
        #expect(schedule.popDue(at: at(2)) == ["a", "b"])
        #expect(schedule.nextDue == at(3) && schedule.count == 1)
    }

    @Test("a key is scheduled once; it can be moved either way and taken out")
    func move() {
        var schedule = RefreshSchedule<String>()
        for (seconds, key) in ["a", "b", "c"].enumerated() { schedule.upsert(key, due: at(seconds)) }
        schedule.upsert("a", due: at(9))
        schedule.upsert("c", due: at(-1))
        #expect(schedule.count == 3 && schedule.due(of: "a") == at(9) && schedule.nextDue == at(-1))
        #expect(schedule.remove("b") == at(1))
        #expect(schedule.remove("b") == nil)
        #expect(schedule.popDue(at: at(10)) == ["c", "a"])
        #expect(schedule.nextDue == nil)
    }

    @Test("gives no more than was asked for")
    func limit() {
        var schedule = RefreshSchedule<Int>()
        for key in 0..<10 { schedule.upsert(key, due: at(key)) }
        #expect(schedule.popDue(at: at(99), limit: 3) == [0, 1, 2])
        #expect(schedule.popDue(at: at(99), limit: 0).isEmpty)
        #expect(schedule.count == 7)
    }

    @Test("behaves as a table that is sorted when asked", arguments: 1...8 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var schedule = RefreshSchedule<Int>()
        var table: [Int: ContinuousClock.Instant] = [:]
        for _ in 0..<2000 {
            let key = Int.random(in: 0..<40, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0, 1:
                // Distinct instants, so that the order is one.
                let due = start.advanced(by: .nanoseconds(Int64.random(in: 0...(1 << 50), using: &generator)))
                schedule.upsert(key, due: due)
                table[key] = due
            case 2:
                #expect(schedule.remove(key) == table.removeValue(forKey: key), "seed \(seed)")
            default:
                let now = start.advanced(by: .nanoseconds(Int64.random(in: 0...(1 << 49), using: &generator)))
                let due = table.filter { $0.value <= now }.sorted { $0.value < $1.value }.map(\.key)
                #expect(schedule.popDue(at: now) == due, "seed \(seed)")
                for key in due { table[key] = nil }
            }
            #expect(schedule.nextDue == table.values.min(), "seed \(seed)")
            #expect(schedule.count == table.count && schedule.due(of: key) == table[key], "seed \(seed)")
        }
    }
}

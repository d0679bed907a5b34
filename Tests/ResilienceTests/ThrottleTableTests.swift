import Resilience
import TestSupport
import Testing

@Suite("A table of throttles")
struct ThrottleTableTests {
    private let start = ContinuousClock.now

    @Test("nobody calls before the date, and everybody from then on")
    func date() {
        var table = ThrottleTable<String>()
        let end = start + .seconds(120)
        table.block("api", until: end, at: start)
        #expect(table.blockedUntil("api", at: start) == end)
        #expect(table.blockedUntil("api", at: end - .nanoseconds(1)) == end)
        #expect(table.blockedUntil("api", at: end) == nil)
        #expect(table.blockedUntil("other", at: start) == nil)
    }

    @Test("a later date extends it, an earlier one does not shorten it, and clearing forgets it")
    func extended() {
        var table = ThrottleTable<String>()
        table.block("api", until: start + .seconds(60), at: start)
        table.block("api", until: start + .seconds(120), at: start)
        table.block("api", until: start + .seconds(90), at: start)
        #expect(table.blockedUntil("api", at: start) == start + .seconds(120))
        table.clear("api")
        #expect(table.blockedUntil("api", at: start) == nil)
        table.block("api", until: start + .seconds(5), at: start)
        #expect(table.blockedUntil("api", at: start) == start + .seconds(5))
    }

    @Test("a full one drops what ends soonest, be it the newest")
    func bound() {
        var table = ThrottleTable<Int>(keysMax: 3)
        for (key, seconds) in [(1, 30), (2, 10), (3, 20), (4, 40), (5, 5)] {
            table.block(key, until: start + .seconds(seconds), at: start)
        }
        let held = (1...5).filter { table.blockedUntil($0, at: start) != nil }
        #expect(held == [1, 3, 4])
        #expect(table.count == 3)
    }

    @Test("dates that have passed make room for one that counts, and one in the past takes none")
    func passed() {
        var table = ThrottleTable<Int>(keysMax: 3)
        for key in 1...3 { table.block(key, until: start + .seconds(key), at: start) }
        table.block(4, until: start + .seconds(1), at: start + .seconds(2))
        #expect(table.count == 3)
        table.block(5, until: start + .seconds(60), at: start + .seconds(2))
        #expect(table.count == 2)
        #expect(table.blockedUntil(3, at: start + .seconds(2)) == start + .seconds(3))
        #expect(table.blockedUntil(5, at: start + .seconds(2)) == start + .seconds(60))
    }

    @Test("dates outlive the process, to the nanosecond, and none for longer than anybody is obeyed")
    func restored() {
        var table = ThrottleTable<String>()
        table.block("passed", until: start + .seconds(5), at: start)
        table.block("api", until: start + .seconds(61), at: start)
        let now = start + .seconds(10)
        let dates = table.dates(at: now)
        #expect(dates.map(\.key) == ["api"])
        var other = ThrottleTable<String>(keysMax: 3)
        other.restore(
            dates + [("far", start + .seconds(1 << 40)), ("passed", start), ("api", start + .seconds(20))],
            longest: .seconds(86_400), at: now)
        #expect(other.blockedUntil("api", at: start + .seconds(61) - .nanoseconds(1)) == start + .seconds(61))
        #expect(other.blockedUntil("api", at: start + .seconds(61)) == nil)
        #expect(other.blockedUntil("far", at: now) == now + .seconds(86_400))
        #expect(other.count == 2)
        other.restore((0..<100).map { ("\($0)", now + .seconds(100 + $0)) }, longest: .seconds(86_400), at: now)
        #expect(other.count == 3)
    }

    private static let seeds: [UInt64] = Array(1...10) + [UInt64.random(in: 11 ... .max)]

    @Test("a seeded script leaves it and a plain list of all dates alike", arguments: seeds)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keysMax = Int.random(in: 1...6, using: &generator)
        var table = ThrottleTable<Int>(keysMax: keysMax)
        var dates: [(key: Int, end: ContinuousClock.Instant)] = []
        var now = start
        for step in 0..<2_000 {
            now += .milliseconds(Int.random(in: 0...2_000, using: &generator))
            let key = Int.random(in: 0..<10, using: &generator)
            if Int.random(in: 0..<10, using: &generator) == 0 {
                table.clear(key)
                dates.removeAll { $0.key == key }
            } else {
                let end = now + .milliseconds(Int.random(in: -2_000...60_000, using: &generator))
                table.block(key, until: end, at: now)
                let latest = dates.filter { $0.key == key }.map(\.end).reduce(end, max)
                dates.removeAll { $0.key == key }
                dates.append((key, latest))
                dates.sort { $0.end > $1.end }
                if dates.count > keysMax { dates = Array(dates.filter { $0.end > now }.prefix(keysMax)) }
            }
            for key in 0..<10 {
                let expected = dates.first { $0.key == key && $0.end > now }?.end
                #expect(table.blockedUntil(key, at: now) == expected, "seed \(seed), step \(step)")
            }
            #expect(table.count <= keysMax, "seed \(seed), step \(step)")
        }
    }
}

import Resilience
import TestSupport
import Testing

@Suite("A table of circuit breakers that outlives its process")
struct CircuitBreakerTableRecordsTests {
    private typealias Table = CircuitBreakerTable<Int>

    private let start = ContinuousClock.now

    private func opened(until seconds: Int, _ count: Int = 1) -> CircuitBreaker.Record {
        CircuitBreaker.Record(
            openingCount: count,
            opening: CircuitBreaker.Record.Opening(until: start + .seconds(seconds), reason: .failures))
    }

    @Test("what was open stays open until its time, and counts its openings on")
    func open() {
        var table = Table()
        let useless = table.restore([(1, opened(until: 60, 2)), (2, opened(until: 90))], at: start)
        #expect(useless.isEmpty && table.count == 2)
        #expect(table.state(of: 1) == .open(until: start + .seconds(60), reason: .failures, openingCount: 2))
        let early = table.admit(1, at: start + .seconds(59)).admission
        #expect(early == .refused(until: start + .seconds(60)))
        let records = Dictionary(uniqueKeysWithValues: table.records(at: start).map { ($0.key, $0.record) })
        #expect(records == [1: opened(until: 60, 2), 2: opened(until: 90)])
    }

    @Test("a change tells what must be kept from then on")
    func transition() throws {
        var table = Table(policy: BreakerPolicy(failuresMax: 1))
        var generator = SeededGenerator(seed: 1)
        guard case .pass(let ticket) = table.admit(1, at: start).admission else { return }
        let opened = try #require(
            table.record(.failure, of: 1, took: .zero, ticket: ticket, at: start, using: &generator))
        #expect(opened.record == table.records(at: start).first?.record)
        guard case .open(let until, _, _) = opened.to else {
            Issue.record("\(opened.to)")
            return
        }
        let halfOpened = try #require(table.admit(1, at: until).transition)
        #expect(halfOpened.record.opening?.until == until && halfOpened.record.openingCount == 1)
    }

    @Test("what was never open, and what has been closed for long, is not kept")
    func forgotten() {
        var table = Table()
        _ = table.admit(9, at: start)
        let useless = table.restore(
            [
                (1, CircuitBreaker.Record()), (2, CircuitBreaker.Record(openingCount: 3, closedAt: start)),
                (3, CircuitBreaker.Record(openingCount: 3, closedAt: start - .seconds(600))),
            ], at: start)
        #expect(Set(useless) == [1, 3])
        #expect(table.records(at: start).map(\.key) == [2])
        #expect(table.records(at: start + .seconds(600)).isEmpty)
    }

    @Test("more records than it holds are cut, those that are open go first")
    func bound() {
        var table = Table(keysMax: 10)
        let closed = (0..<50).map { ($0, CircuitBreaker.Record(openingCount: 1, closedAt: start)) }
        let open = (50..<58).map { ($0, opened(until: 60)) }
        let useless = table.restore(closed + open, at: start)
        #expect(table.count == 10 && useless.count == 48)
        #expect((50..<58).allSatisfy { table.state(of: $0) != .closed })
    }

    @Test("of two records the first counts")
    func first() {
        var table = Table()
        let useless = table.restore([(2, opened(until: 60)), (2, opened(until: 90))], at: start)
        #expect(useless.isEmpty)
        #expect(table.state(of: 2) == .open(until: start + .seconds(60), reason: .failures, openingCount: 1))
    }

    @Test("an upstream that has answered since knows better, and one that has only failed does not")
    func known() {
        var table = Table()
        var generator = SeededGenerator(seed: 1)
        for (key, outcome) in [(1, CircuitBreaker.Outcome.success), (3, .failure)] {
            guard case .pass(let ticket) = table.admit(key, at: start).admission else { continue }
            _ = table.record(outcome, of: key, took: .zero, ticket: ticket, at: start, using: &generator)
        }
        guard case .pass(let underWay) = table.admit(3, at: start).admission else { return }
        #expect(table.restore([1, 3, 4].map { ($0, opened(until: 60)) }, at: start) == [1])
        #expect(table.state(of: 1) == .closed)
        #expect([3, 4].allSatisfy { table.state(of: $0) == table.state(of: 4) } && table.state(of: 4) != .closed)
        // What was under way then is no probe.
        let probe = table.admit(3, at: start + .seconds(60)).admission
        guard case .pass = probe else { return }
        let late = table.record(
            .failure, of: 3, took: .zero, ticket: underWay, at: start + .seconds(60), using: &generator)
        #expect(late == nil && table.state(of: 3) == .halfOpen)
    }

    private static let seeds: [UInt64] = Array(1...10) + [UInt64.random(in: 11 ... .max)]

    @Test("however often the process dies, nothing passes before a time that was named", arguments: seeds)
    func crashLoop(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let policy = BreakerPolicy(failuresMax: 2)
        var table = Table(policy: policy)
        var shut: [Int: ContinuousClock.Instant] = [:]
        var now = start
        var (crashCount, openCount) = (0, 0)
        for step in 0..<2_000 {
            let comment: Comment = "seed \(seed), step \(step)"
            now += .milliseconds(Int.random(in: 0...8_000, using: &generator))
            if Int.random(in: 0..<20, using: &generator) == 0 {
                crashCount += 1
                let before = table
                table = Table(policy: policy)
                _ = table.restore(before.records(at: now), at: now)
                for key in 0..<4 {
                    switch before.state(of: key) {
                    case .open, .closed: #expect(table.state(of: key) == before.state(of: key), comment)
                    case .halfOpen:
                        guard case .open(let until, _, _) = table.state(of: key) else {
                            Issue.record(comment)
                            continue
                        }
                        #expect(until == now, comment)
                    }
                }
            }
            let key = Int.random(in: 0..<4, using: &generator)
            guard case .pass(let ticket) = table.admit(key, at: now).admission else { continue }
            #expect(shut[key].map { $0 <= now } ?? true, comment)
            let outcome: CircuitBreaker.Outcome = Int.random(in: 0..<4, using: &generator) == 0 ? .success : .failure
            let change = table.record(outcome, of: key, took: .zero, ticket: ticket, at: now, using: &generator)
            if case .open(let until, _, _) = change?.to {
                shut[key] = until
                openCount += 1
            }
        }
        #expect(crashCount > 20 && openCount > 20, "seed \(seed)")
    }
}

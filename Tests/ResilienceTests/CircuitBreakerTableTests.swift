import Resilience
import TestSupport
import Testing

@Suite("A table of circuit breakers")
struct CircuitBreakerTableTests {
    private let start = ContinuousClock.now

    private func call(
        _ key: Int, _ outcome: CircuitBreaker.Outcome, in table: inout CircuitBreakerTable<Int>
    ) -> [CircuitBreakerTable<Int>.Transition] {
        var generator = SeededGenerator(seed: 1)
        let (admission, first) = table.admit(key, at: start)
        guard case .pass(let ticket) = admission else { return [first].compactMap(\.self) }
        let second = table.record(outcome, of: key, took: .zero, ticket: ticket, at: start, using: &generator)
        return [first, second].compactMap(\.self)
    }

    @Test("each upstream has its own")
    func independent() {
        var table = CircuitBreakerTable<Int>(policy: BreakerPolicy(failuresMax: 2))
        _ = call(1, .failure, in: &table)
        _ = call(2, .failure, in: &table)
        _ = call(2, .failure, in: &table)
        #expect(table.state(of: 1) == .closed)
        #expect(table.state(of: 2) != .closed)
        #expect(table.state(of: 3) == .closed)
        #expect(table.count == 2)
    }

    @Test("it tells each change, and nothing else")
    func transitions() throws {
        var table = CircuitBreakerTable<Int>(
            policy: BreakerPolicy(
                failuresMax: 2, openFor: .milliseconds(1), openForMax: .milliseconds(1), successesToClose: 1))
        var generator = SeededGenerator(seed: 1)
        #expect(call(1, .failure, in: &table).isEmpty)
        let opened = call(1, .failure, in: &table)
        #expect(opened.map(\.from) == [.closed] && opened.map(\.to) == [table.state(of: 1)])
        #expect(opened.map(\.key) == [1])
        let refused = call(1, .success, in: &table)
        #expect(refused.isEmpty)
        let (admission, halfOpened) = table.admit(1, at: start + .seconds(1))
        #expect(halfOpened?.from == opened.first?.to && halfOpened?.to == .halfOpen)
        guard case .pass(let ticket) = admission else {
            Issue.record("refused")
            return
        }
        let closed = table.record(.success, of: 1, took: .zero, ticket: ticket, at: start, using: &generator)
        #expect(closed?.from == .halfOpen && closed?.to == .closed)
    }

    @Test("a full one drops a closed breaker first, the one that was used longest ago")
    func eviction() {
        var table = CircuitBreakerTable<Int>(policy: BreakerPolicy(failuresMax: 1), keysMax: 3)
        _ = call(1, .failure, in: &table)
        _ = call(2, .success, in: &table)
        _ = call(3, .failure, in: &table)
        _ = call(4, .failure, in: &table)
        #expect(table.count == 3)
        #expect([1, 3, 4].allSatisfy { table.state(of: $0) != .closed })
        // None is closed any more: the oldest use goes, and the refusal just now was a use of the first.
        _ = call(1, .success, in: &table)
        _ = call(5, .failure, in: &table)
        #expect(table.count == 3)
        #expect([1, 4, 5].allSatisfy { table.state(of: $0) != .closed })
        #expect(table.state(of: 3) == .closed)
    }

    @Test("an outcome of one that was dropped goes nowhere")
    func dropped() {
        var table = CircuitBreakerTable<Int>(policy: BreakerPolicy(failuresMax: 1), keysMax: 0)
        var generator = SeededGenerator(seed: 1)
        guard case .pass(let ticket) = table.admit(1, at: start).admission else {
            Issue.record("refused")
            return
        }
        _ = table.admit(2, at: start)
        #expect(table.count == 1)
        let transition = table.record(.failure, of: 1, took: .zero, ticket: ticket, at: start, using: &generator)
        #expect(transition == nil)
        #expect(table.count == 1)
    }
}

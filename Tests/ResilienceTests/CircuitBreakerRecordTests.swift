import Resilience
import TestSupport
import Testing

@Suite("What is kept of a circuit breaker")
struct CircuitBreakerRecordTests {
    private let start = ContinuousClock.now

    private func opened(_ count: Int) -> CircuitBreaker {
        let opening = CircuitBreaker.Record.Opening(until: start + .seconds(45), reason: .slow)
        return CircuitBreaker(
            restoring: CircuitBreaker.Record(openingCount: count, opening: opening), at: start)
    }

    @Test("an open one goes on being open until then, and the next time longer")
    func open() throws {
        var breaker = opened(3)
        #expect(breaker.state == .open(until: start + .seconds(45), reason: .slow, openingCount: 3))
        let refusal = breaker.admit(at: start + .seconds(44))
        #expect(refusal == .refused(until: start + .seconds(45)))
        let admission = breaker.admit(at: start + .seconds(45))
        guard case .pass(let ticket) = admission else {
            Issue.record("refused")
            return
        }
        // Half open, it is kept as one that was open until now.
        let kept = breaker.record(at: start + .seconds(46))
        #expect(kept.opening == CircuitBreaker.Record.Opening(until: start + .seconds(46), reason: .slow))
        var generator = SeededGenerator(seed: 1)
        breaker.record(.failure, took: .zero, ticket: ticket, at: start + .seconds(46), using: &generator)
        #expect(breaker.record(at: start).openingCount == 4)
    }

    @Test("a closed one still knows its openings, until they are forgotten", arguments: [(599, 3), (600, 1)])
    func closed(seconds: Int, count: Int) {
        let record = CircuitBreaker.Record(openingCount: 2, closedAt: start)
        let now = start + .seconds(seconds)
        var breaker = CircuitBreaker(restoring: record, at: now)
        #expect(breaker.state == .closed)
        #expect(breaker.record(at: now) == record)
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<5 {
            guard case .pass(let ticket) = breaker.admit(at: now) else { continue }
            breaker.record(.failure, took: .zero, ticket: ticket, at: now, using: &generator)
        }
        #expect(breaker.record(at: now).openingCount == count)
    }

    @Test("one that never was open is as good as new")
    func fresh() {
        let record = CircuitBreaker().record(at: start)
        #expect(record == CircuitBreaker.Record())
        #expect(CircuitBreaker(restoring: record, at: start) == CircuitBreaker())
    }

    @Test(
        "a record that makes no sense keeps it open no longer than it would have been",
        arguments: [Int.min, -1, 0, .max])
    func nonsense(count: Int) {
        let far = start + .seconds(1 << 40)
        let record = CircuitBreaker.Record(
            openingCount: count, opening: CircuitBreaker.Record.Opening(until: far, reason: .failures), closedAt: far)
        var breaker = CircuitBreaker(restoring: record, at: start)
        guard case .open(let until, .failures, let openingCount) = breaker.state else {
            Issue.record("\(breaker.state)")
            return
        }
        #expect(until <= start + .seconds(720))
        #expect(openingCount >= 1)
        var generator = SeededGenerator(seed: 1)
        guard case .pass(let ticket) = breaker.admit(at: until) else {
            Issue.record("refused")
            return
        }
        breaker.record(.failure, took: .zero, ticket: ticket, at: until, using: &generator)
        #expect(breaker.state != .halfOpen)
    }

    @Test("a time of closing that is yet to come is now")
    func closedInTheFuture() {
        let record = CircuitBreaker.Record(openingCount: 1, closedAt: start + .seconds(86_400))
        let breaker = CircuitBreaker(restoring: record, at: start)
        #expect(breaker.record(at: start).closedAt == start)
    }
}

@Suite("The numbers of a circuit breaker")
struct BreakerPolicyTests {
    @Test("those that make no sense are moved to the nearest that does")
    func nonsense() {
        let least = BreakerPolicy(
            failuresMax: -1, slowAfter: .seconds(-1), slowCallsMax: 0, slowWindow: 0, openFor: .zero,
            openForMax: .seconds(-1), successesToClose: 0, forgottenAfter: .seconds(-1), probePatience: .zero)
        #expect(least.failuresMax == 1 && least.slowCallsMax == 1 && least.slowWindow == 1)
        #expect(least.slowAfter == .zero && least.openFor > .zero && least.openForMax >= least.openFor)
        #expect(least.successesToClose == 1 && least.probePatience > .zero && least.forgottenAfter == .zero)
        let most = BreakerPolicy(
            slowCallsMax: .max, slowWindow: .max, openFor: Duration(attoseconds: .max),
            openForMax: Duration(attoseconds: .max), forgottenAfter: Duration(attoseconds: .max),
            probePatience: Duration(attoseconds: .max))
        #expect(most.slowCallsMax <= most.slowWindow && most.slowWindow == 1000)
        #expect(most.openFor <= most.openForMax && most.openForMax <= .seconds(7 * 86_400))
    }

    @Test("any number of openings has a length", arguments: [Int.min, -1, 0, 1, 2, 19, 20, 21, 1_000_000, .max])
    func length(count: Int) {
        let expected = Duration.seconds(30 * min(max(count, 1), 20))
        #expect(BreakerPolicy().openDuration(opening: count) == expected)
    }
}

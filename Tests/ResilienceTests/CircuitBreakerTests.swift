import Resilience
import TestSupport
import Testing

@Suite("A circuit breaker")
struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    /// A breaker with a clock and a generator: each call takes place at `now` and ends at once, unless told.
    private struct Rig {
        var breaker: CircuitBreaker
        var now: ContinuousClock.Instant
        var generator = SeededGenerator(seed: 22)

        init(_ policy: BreakerPolicy = BreakerPolicy(), at now: ContinuousClock.Instant) {
            breaker = CircuitBreaker(policy: policy)
            self.now = now
        }

        mutating func admitted() throws -> CircuitBreaker.Ticket {
            let admission = breaker.admit(at: now)
            guard case .pass(let ticket) = admission else {
                Issue.record("refused in state \(breaker.state)")
                throw CancellationError()
            }
            return ticket
        }

        mutating func record(
            _ outcome: CircuitBreaker.Outcome, took duration: Duration = .zero, _ ticket: CircuitBreaker.Ticket
        ) {
            breaker.record(outcome, took: duration, ticket: ticket, at: now, using: &generator)
        }

        mutating func call(_ outcome: CircuitBreaker.Outcome, took duration: Duration = .zero) throws {
            let ticket = try admitted()
            now += duration
            record(outcome, took: duration, ticket)
        }

        /// Until when a call at this moment would be refused; asks a copy.
        var refusedUntil: ContinuousClock.Instant? {
            var copy = breaker
            guard case .refused(let until) = copy.admit(at: now) else { return nil }
            return until
        }

        /// Until when it is open; moves the clock there.
        mutating func passOpenTime() throws -> Duration {
            guard case .open(let until, _, _) = breaker.state else { throw CancellationError() }
            defer { now = until }
            return now.duration(to: until)
        }

        mutating func open() throws { for _ in 0..<5 { try call(.failure) } }

        mutating func close() throws { for _ in 0..<2 { try call(.success) } }
    }

    @Test("five failures in a row open it, for 30 s ± 20 %, and nothing passes in that time")
    func behaviour22_theBreakerOpensAfterFiveFailures() throws {
        var rig = Rig(at: start)
        for _ in 0..<4 { try rig.call(.failure) }
        #expect(rig.breaker.state == .closed)
        try rig.call(.failure)
        guard case .open(let until, .failures, 1) = rig.breaker.state else {
            Issue.record("\(rig.breaker.state)")
            return
        }
        #expect(start + .seconds(24) <= until && until <= start + .seconds(36))
        rig.now = until - .nanoseconds(1)
        #expect(rig.refusedUntil == until)
        rig.now = until
        _ = try rig.admitted()
        #expect(rig.breaker.state == .halfOpen)
    }

    @Test("a success among the failures begins the count anew, a neutral outcome leaves it as it is")
    func inARow() throws {
        var rig = Rig(at: start)
        for _ in 0..<4 { try rig.call(.failure) }
        try rig.call(.success)
        for _ in 0..<4 { try rig.call(.failure) }
        for _ in 0..<100 { try rig.call(.neutral, took: .seconds(60)) }
        #expect(rig.breaker.state == .closed)
        try rig.call(.failure)
        #expect(rig.breaker.state != .closed)
    }

    @Test("at one call every 30 s it opens within 3 minutes")
    func behaviour22_theBreakerOpensAtALowRate() throws {
        var rig = Rig(at: start)
        while rig.breaker.state == .closed {
            rig.now += .seconds(30)
            try rig.call(.failure)
            try #require(rig.now - start < .seconds(600))
        }
        #expect(rig.now - start <= .seconds(180))
    }

    @Test("the n-th opening in a row lasts n times 30 s and at most 10 min, ± 20 %")
    func behaviour22_theBreakerStaysOpenLongerEachTime() throws {
        var rig = Rig(at: start)
        try rig.open()
        for opening in 1...40 {
            let seconds = try rig.passOpenTime() / .seconds(1)
            let expected = Double(min(30 * opening, 600))
            #expect(seconds >= expected * 0.8 && seconds <= expected * 1.2, "opening \(opening)")
            try rig.call(.failure)
        }
    }

    @Test("the time that it stays open uses its whole spread")
    func spread() throws {
        let lengths = try (0..<500).map { seed in
            var rig = Rig(at: start)
            rig.generator = SeededGenerator(seed: UInt64(seed))
            try rig.open()
            return try rig.passOpenTime()
        }
        #expect(lengths.contains { $0 < .seconds(25) })
        #expect(lengths.contains { $0 > .seconds(35) })
    }

    @Test("half open, one probe passes at a time, and two successes close it")
    func behaviour22_theBreakerClosesAfterTwoProbes() throws {
        var rig = Rig(at: start)
        try rig.open()
        _ = try rig.passOpenTime()
        let first = try rig.admitted()
        #expect(rig.refusedUntil != nil)
        rig.record(.success, first)
        #expect(rig.breaker.state == .halfOpen)
        let second = try rig.admitted()
        #expect(rig.refusedUntil != nil)
        rig.record(.success, second)
        #expect(rig.breaker.state == .closed)
        #expect(rig.refusedUntil == nil)
    }

    @Test("half open, a failure opens it anew, also after a success")
    func behaviour22_aFailingProbeOpensAnew() throws {
        var rig = Rig(at: start)
        try rig.open()
        _ = try rig.passOpenTime()
        try rig.call(.success)
        try rig.call(.failure)
        guard case .open(_, .failures, 2) = rig.breaker.state else {
            Issue.record("\(rig.breaker.state)")
            return
        }
        // The success from before does not count any more.
        _ = try rig.passOpenTime()
        try rig.call(.success)
        #expect(rig.breaker.state == .halfOpen)
    }

    @Test("openings are counted in a row until it has been closed for 10 min", arguments: [(599, 2), (600, 1)])
    func behaviour22_theCountOfOpeningsIsForgotten(seconds: Int, count: Int) throws {
        var rig = Rig(at: start)
        try rig.open()
        _ = try rig.passOpenTime()
        try rig.close()
        rig.now += .seconds(seconds)
        try rig.open()
        guard case .open(_, _, count) = rig.breaker.state else {
            Issue.record("\(rig.breaker.state)")
            return
        }
    }

    @Test("four slow calls among the last five open it, and it says why")
    func behaviour23_theBreakerOpensOnSlowCalls() throws {
        for fast in 0..<5 {
            var rig = Rig(at: start)
            for call in 0..<5 {
                #expect(rig.breaker.state == .closed)
                try rig.call(.success, took: call == fast ? .seconds(5) : .milliseconds(5001))
            }
            guard case .open(_, .slow, 1) = rig.breaker.state else {
                Issue.record("fast \(fast): \(rig.breaker.state)")
                return
            }
        }
    }

    @Test("three slow calls among the last five do not open it, and neither do four before there were five")
    func behaviour23_theBreakerStaysClosedOnFewerSlowCalls() throws {
        var rig = Rig(at: start)
        for _ in 0..<4 { try rig.call(.success, took: .seconds(6)) }
        #expect(rig.breaker.state == .closed)
        rig = Rig(at: start)
        for call in 0..<100 { try rig.call(.success, took: .seconds(call % 5 < 3 ? 6 : 5)) }
        #expect(rig.breaker.state == .closed)
    }

    @Test("a slow success does not close it but opens it anew")
    func behaviour23_aSlowProbeOpensAnew() throws {
        var rig = Rig(at: start)
        try rig.open()
        _ = try rig.passOpenTime()
        try rig.call(.success, took: .seconds(6))
        guard case .open(_, .slow, 2) = rig.breaker.state else {
            Issue.record("\(rig.breaker.state)")
            return
        }
    }

    @Test("what was under way when it opened says nothing later, whatever it comes to")
    func lateOutcomes() throws {
        var rig = Rig(at: start)
        let late = try (0..<20).map { _ in try rig.admitted() }
        try rig.open()
        let opened = rig.breaker.state
        for ticket in late.prefix(5) { rig.record(.failure, ticket) }
        for ticket in late[5..<10] { rig.record(.success, ticket) }
        #expect(rig.breaker.state == opened)
        _ = try rig.passOpenTime()
        let probe = try rig.admitted()
        for ticket in late[10..<15] { rig.record(.success, ticket) }
        rig.record(.failure, late[15])
        rig.record(.neutral, late[16])
        #expect(rig.breaker.state == .halfOpen)
        #expect(rig.refusedUntil != nil)
        rig.record(.success, probe)
        try rig.call(.success)
        for ticket in late[17...] { rig.record(.failure, ticket) }
        for _ in 0..<4 { try rig.call(.failure) }
        #expect(rig.breaker.state == .closed)
    }

    @Test("a neutral probe frees its place and judges nothing")
    func neutralProbe() throws {
        var rig = Rig(at: start)
        try rig.open()
        _ = try rig.passOpenTime()
        try rig.call(.success)
        for _ in 0..<10 { try rig.call(.neutral, took: .seconds(60)) }
        #expect(rig.breaker.state == .halfOpen)
        try rig.call(.success)
        #expect(rig.breaker.state == .closed)
    }

    @Test("a probe that never reports is given up, and the next one passes")
    func lostProbe() throws {
        var rig = Rig(at: start)
        try rig.open()
        _ = try rig.passOpenTime()
        let lost = try rig.admitted()
        let end = rig.now + rig.breaker.policy.probePatience
        rig.now = end - .nanoseconds(1)
        #expect(rig.refusedUntil == end)
        rig.now = end
        let next = try rig.admitted()
        #expect(rig.refusedUntil != nil)
        // It takes no place with it, but what it has learnt counts.
        rig.record(.success, lost)
        #expect(rig.refusedUntil != nil)
        rig.record(.success, next)
        #expect(rig.breaker.state == .closed)
    }

    @Test("a clock that stands still or runs backwards does no harm")
    func backwards() throws {
        var rig = Rig(at: start)
        try rig.open()
        rig.now -= .seconds(1_000_000)
        #expect(rig.refusedUntil != nil)
        rig.now += .seconds(2_000_000)
        try rig.call(.success)
        rig.now -= .seconds(2_000_000)
        try rig.call(.success, took: .seconds(-5))
        #expect(rig.breaker.state == .closed)
    }
}

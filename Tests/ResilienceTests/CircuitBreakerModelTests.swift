import Resilience
import TestSupport
import Testing

/// A second, naive breaker: it keeps all that ever happened and looks back over it. How long an opening lasts it takes
/// from the breaker, for that is drawn.
private struct ModelBreaker {
    enum Mode { case closed, open, halfOpen }

    struct Call {
        let era: Int
        let startedAt: ContinuousClock.Instant
        var isReported = false
    }

    let policy: BreakerPolicy
    var mode = Mode.closed
    var openUntil: ContinuousClock.Instant?
    /// Every change so far: into which mode, and when.
    var changes: [(mode: Mode, at: ContinuousClock.Instant)] = []
    var calls: [Call] = []
    /// What was judged since the newest change.
    var judged: [(isFailure: Bool, isSlow: Bool)] = []

    /// Openings since it was last closed for so long that they are forgotten.
    var openingsInARow: Int {
        var count = 0
        for (index, change) in changes.enumerated() where change.mode == .open {
            let before = index > 0 ? changes[index - 1] : nil
            if let before, before.mode == .closed, change.at - before.at >= policy.forgottenAfter { count = 0 }
            count += 1
        }
        return count
    }

    mutating func change(to mode: Mode, at now: ContinuousClock.Instant) {
        self.mode = mode
        changes.append((mode, now))
        judged = []
    }

    /// Whether a call may pass; it is then the newest of `calls`.
    mutating func admits(at now: ContinuousClock.Instant) -> Bool {
        if mode == .open, let openUntil, now >= openUntil { change(to: .halfOpen, at: now) }
        if mode == .open { return false }
        if mode == .halfOpen, let probe = calls.last(where: { $0.era == changes.count }) {
            guard probe.isReported || now - probe.startedAt >= policy.probePatience else { return false }
        }
        calls.append(Call(era: changes.count, startedAt: now))
        return true
    }

    mutating func ended(
        _ index: Int, _ outcome: CircuitBreaker.Outcome, took duration: Duration, at now: ContinuousClock.Instant
    ) {
        calls[index].isReported = true
        guard calls[index].era == changes.count, outcome != .neutral else { return }
        judged.append((outcome == .failure, duration > policy.slowAfter))
        switch mode {
        case .open: break
        case .closed:
            let failed = judged.count >= policy.failuresMax && judged.suffix(policy.failuresMax).allSatisfy(\.isFailure)
            let newest = judged.suffix(policy.slowWindow)
            let slow = newest.count == policy.slowWindow && newest.count { $0.isSlow } >= policy.slowCallsMax
            if failed || slow { change(to: .open, at: now) }
        case .halfOpen:
            if outcome == .failure || duration > policy.slowAfter {
                change(to: .open, at: now)
            } else if judged.count == policy.successesToClose {
                change(to: .closed, at: now)
            }
        }
    }
}

@Suite("A circuit breaker and a naive model")
struct CircuitBreakerModelTests {
    private static let seeds: [UInt64] = Array(1...20) + [UInt64.random(in: 21 ... .max)]

    @Test("a seeded script of calls leaves both alike", arguments: seeds)
    func script(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let policy = BreakerPolicy(
            failuresMax: Int.random(in: 1...5, using: &generator),
            slowCallsMax: Int.random(in: 1...4, using: &generator),
            slowWindow: Int.random(in: 4...6, using: &generator),
            successesToClose: Int.random(in: 1...3, using: &generator))
        // Long stretches of one weather, so that every mode is reached and left.
        var failurePercent = 50
        var breaker = CircuitBreaker(policy: policy)
        var model = ModelBreaker(policy: policy)
        var underWay: [(index: Int, ticket: CircuitBreaker.Ticket)] = []
        var now = ContinuousClock.now
        for step in 0..<3_000 {
            let comment: Comment = "seed \(seed), step \(step)"
            if step % 100 == 0 { failurePercent = [0, 5, 50, 100].randomElement(using: &generator) ?? 0 }
            now += .milliseconds(Int.random(in: 0...4_000, using: &generator))
            if step % 500 == 499 { now += .seconds(Int.random(in: 500...700, using: &generator)) }
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<50:
                let admission = breaker.admit(at: now)
                let passes = model.admits(at: now)
                if case .pass(let ticket) = admission {
                    #expect(passes, comment)
                    underWay.append((model.calls.count - 1, ticket))
                } else {
                    #expect(!passes, comment)
                }
            case 50..<98:
                guard let place = underWay.indices.randomElement(using: &generator) else { continue }
                let (index, ticket) = underWay.remove(at: place)
                let roll = Int.random(in: 0..<100, using: &generator)
                let outcome: CircuitBreaker.Outcome =
                    roll < failurePercent ? .failure : roll % 10 == 0 ? .neutral : .success
                let took = Duration.milliseconds(Int.random(in: 0...(seed % 2 == 0 ? 5_500 : 9_000), using: &generator))
                let before = model.changes.count
                breaker.record(outcome, took: took, ticket: ticket, at: now, using: &generator)
                model.ended(index, outcome, took: took, at: now)
                if model.mode == .open, model.changes.count > before {
                    model.openUntil = expectOpen(breaker, model, at: now, comment)
                }
            default:
                // It never reports.
                if let place = underWay.indices.randomElement(using: &generator) { underWay.remove(at: place) }
            }
            #expect(mode(of: breaker) == model.mode, comment)
            // Through a record and back, a breaker that is not half open stays as it is, but for its counts.
            if case .open = breaker.state {
                let copy = CircuitBreaker(policy: policy, restoring: breaker.record(at: now), at: now)
                #expect(copy.state == breaker.state, comment)
            }
        }
        #expect(model.changes.count > 10, "seed \(seed)")
    }

    private func mode(of breaker: CircuitBreaker) -> ModelBreaker.Mode {
        switch breaker.state {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }

    /// - Returns: Until when it is open, which lies where the model says.
    private func expectOpen(
        _ breaker: CircuitBreaker, _ model: ModelBreaker, at now: ContinuousClock.Instant, _ comment: Comment
    ) -> ContinuousClock.Instant? {
        guard case .open(let until, _, let openingCount) = breaker.state else { return nil }
        #expect(openingCount == model.openingsInARow, comment)
        let length = Double(min(30 * model.openingsInARow, 600))
        let seconds = (until - now) / .seconds(1)
        #expect(seconds >= length * 0.8 && seconds <= length * 1.2, comment)
        return until
    }
}

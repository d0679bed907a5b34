import Resilience
import StatusCore
import TestSupport
import Testing

@Suite("The schedule of token refreshes")
struct TokenRefreshScheduleTests {
    private let start = Samples.start.instant
    private var generator = SeededGenerator(seed: 1)

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    /// How long before its expiry a token of that lifetime is due.
    private mutating func drawnLead(lifetime: Int) -> Duration? {
        var schedule = TokenRefreshSchedule()
        schedule.loaded("a", expiresAt: at(lifetime), at: start, using: &generator)
        return schedule.nextDue.map { $0.duration(to: at(lifetime)) }
    }

    @Test(
        "a token is due before less than the margin is left, and not much earlier",
        arguments: [
            // Lifetime, margin: five minutes, or a tenth, and never more than a third.
            (28_800, 2_880), (3_600, 360), (3_000, 300), (1_800, 300), (600, 200), (60, 20),
        ])
    mutating func margin(lifetime: Int, margin: Int) throws {
        for _ in 0..<50 {
            let found = drawnLead(lifetime: lifetime)
            let lead = try #require(found)
            #expect(lead >= .seconds(margin) && lead <= .seconds(margin) * 1.5)
        }
    }

    @Test("tokens that were issued together are not due together")
    mutating func spread() {
        var schedule = TokenRefreshSchedule()
        for index in 0..<100 {
            schedule.loaded("\(index)", expiresAt: at(3_600), at: start, using: &generator)
        }
        var started: [Int] = []
        for second in stride(from: 3_000, to: 3_300, by: 10) {
            var count = 0
            while case let names = schedule.start(at: at(second)), !names.isEmpty {
                for name in names {
                    schedule.succeeded(name, expiresAt: nil, at: at(second), using: &generator)
                }
                count += names.count
            }
            started.append(count)
        }
        #expect(started.reduce(0, +) == 100)
        #expect(started.allSatisfy { $0 < 25 }, "\(started)")
    }

    @Test("one that has expired is due at once, and one of unknown expiry never")
    mutating func expired() {
        var schedule = TokenRefreshSchedule()
        schedule.loaded("expired", expiresAt: at(-5), at: start, using: &generator)
        schedule.loaded("unknown", expiresAt: nil, at: start, using: &generator)
        #expect(schedule.isDue("expired", at: start) && !schedule.isDue("unknown", at: at(1 << 30)))
        #expect(schedule.start(at: at(1 << 30)) == ["expired"])
    }

    @Test("at most five run at once, the longest due first; each end frees a place")
    mutating func places() {
        var schedule = TokenRefreshSchedule()
        for index in 0..<12 {
            schedule.loaded("\(index + 10)", expiresAt: at(-index), at: start, using: &generator)
        }
        #expect(schedule.start(at: start) == ["21", "20", "19", "18", "17"])
        #expect(schedule.start(at: start).isEmpty)
        #expect(schedule.nextDue == nil && schedule.runningCount == 5)
        schedule.failed("20", notBefore: nil, at: start, using: &generator)
        schedule.revoked("18")
        #expect(schedule.nextDue != nil)
        #expect(schedule.start(at: start).prefix(2) == ["16", "15"])
    }

    @Test("failures in a row wait longer, with full jitter, and never a quarter of an hour")
    mutating func backoff() {
        var schedule = TokenRefreshSchedule()
        var now = start
        schedule.loaded("a", expiresAt: start, at: start, using: &generator)
        var waits: [Duration] = []
        for _ in 0..<40 {
            #expect(schedule.start(at: now) == ["a"])
            schedule.failed("a", notBefore: nil, at: now, using: &generator)
            let due = schedule.nextDue ?? start
            waits.append(now.duration(to: due))
            now = due
        }
        for (index, wait) in waits.enumerated() {
            #expect(wait >= .zero && wait <= min(.seconds(10 << min(index, 10)), .seconds(900)))
        }
        #expect(waits.dropFirst(8).contains { $0 > .seconds(450) })
        #expect(waits.dropFirst(8).contains { $0 < .seconds(450) })
    }

    @Test("the provider's wish to wait counts, up to an hour")
    mutating func retryAfter() {
        var schedule = TokenRefreshSchedule()
        for (name, wish, wait) in [("a", 700, 700), ("b", 1 << 40, 3_600)] {
            schedule.loaded(name, expiresAt: start, at: start, using: &generator)
            #expect(schedule.start(at: start) == [name])
            schedule.failed(name, notBefore: at(wish), at: start, using: &generator)
            #expect(!schedule.isDue(name, at: at(wait - 1)) && schedule.isDue(name, at: at(wait)))
            schedule.loaded(name, expiresAt: nil, at: start, using: &generator)
        }
    }

    @Test("a revoked grant rests until another token is loaded")
    mutating func revoked() {
        var schedule = TokenRefreshSchedule()
        schedule.loaded("a", expiresAt: start, at: start, using: &generator)
        #expect(schedule.start(at: start) == ["a"])
        schedule.revoked("a")
        #expect(schedule.isRevoked("a") && schedule.nextDue == nil)
        schedule.moved("a", expiresAt: at(-100), at: start, using: &generator)
        #expect(schedule.start(at: at(1 << 30)).isEmpty)
        schedule.loaded("a", expiresAt: start, at: start, using: &generator)
        #expect(!schedule.isRevoked("a"))
        #expect(schedule.start(at: start) == ["a"])
    }

    @Test("a token that is loaded during a refresh waits for the place and keeps its own time")
    mutating func superseded() {
        var schedule = TokenRefreshSchedule()
        schedule.loaded("a", expiresAt: start, at: start, using: &generator)
        #expect(schedule.start(at: start) == ["a"])
        schedule.loaded("a", expiresAt: at(3_600), at: start, using: &generator)
        #expect(schedule.isRunning("a") && schedule.runningCount == 1)
        #expect(schedule.start(at: at(3_600)).isEmpty)
        schedule.superseded("a")
        #expect(!schedule.isDue("a", at: at(3_000)) && schedule.isDue("a", at: at(3_240)))
        #expect(schedule.runningCount == 0)
    }

    @Test("a provider that issues tokens of no lifetime is asked twice a minute at most")
    mutating func noLifetime() {
        var schedule = TokenRefreshSchedule()
        schedule.loaded("a", expiresAt: start, at: start, using: &generator)
        #expect(schedule.start(at: start) == ["a"])
        schedule.succeeded("a", expiresAt: start, at: start, using: &generator)
        #expect(!schedule.isDue("a", at: at(29)) && schedule.isDue("a", at: at(30)))
    }

    @Test("a stepped wall clock moves what is due, and no wait after a failure")
    mutating func moved() {
        var schedule = TokenRefreshSchedule()
        schedule.loaded("a", expiresAt: at(86_400 * 60), at: start, using: &generator)
        schedule.moved("a", expiresAt: at(-10), at: start, using: &generator)
        #expect(schedule.start(at: start) == ["a"])
        schedule.failed("a", notBefore: at(500), at: start, using: &generator)
        schedule.moved("a", expiresAt: at(-20), at: start, using: &generator)
        #expect(!schedule.isDue("a", at: at(499)))
    }

    /// What the schedule must know of one token, kept as plainly as can be.
    private struct Known {
        var isRunning = false
        var isRevoked = false
        var expiresAt: ContinuousClock.Instant?
        /// Not before this after a success or a failure.
        var floor: ContinuousClock.Instant?
        var hasFailed = false
    }

    @Test("keeps to its rules through any script", arguments: 1...6 as ClosedRange<UInt64>)
    mutating func model(seed: UInt64) {
        var script = SeededGenerator(seed: seed)
        var schedule = TokenRefreshSchedule()
        var model: [String: Known] = [:]
        var now = start
        for _ in 0..<3_000 {
            now = now.advanced(by: .seconds(Int.random(in: 0...40, using: &script)))
            let name = "\(Int.random(in: 0..<12, using: &script))"
            let known = model[name] ?? Known()
            let expiry: ContinuousClock.Instant? =
                Int.random(in: 0..<8, using: &script) == 0
                ? nil : now.advanced(by: .seconds(Int.random(in: -60...4_000, using: &script)))
            switch Int.random(in: 0..<8, using: &script) {
            case 0:
                schedule.loaded(name, expiresAt: expiry, at: now, using: &generator)
                model[name] = Known(isRunning: known.isRunning, expiresAt: expiry)
            case 1:
                schedule.succeeded(name, expiresAt: expiry, at: now, using: &generator)
                if known.isRunning { model[name] = Known(expiresAt: expiry, floor: now.advanced(by: .seconds(30))) }
            case 2:
                let wish = now.advanced(by: .seconds(100))
                schedule.failed(name, notBefore: wish, at: now, using: &generator)
                if known.isRunning {
                    model[name] = Known(expiresAt: known.expiresAt, floor: wish, hasFailed: true)
                }
            case 3 where Int.random(in: 0..<4, using: &script) == 0:
                schedule.revoked(name)
                if known.isRunning { model[name] = Known(isRevoked: true) }
            case 4:
                schedule.superseded(name)
                model[name]?.isRunning = false
            default:
                for name in schedule.start(at: now) {
                    let token = model[name]
                    #expect(token?.isRunning == false && token?.isRevoked == false, "seed \(seed)")
                    #expect(token?.floor.map { $0 <= now } ?? true, "seed \(seed)")
                    // Never with more than half of four thousand seconds left.
                    #expect(
                        token?.hasFailed == true
                            || token?.expiresAt.map { now.duration(to: $0) <= .seconds(600) } == true,
                        "seed \(seed)")
                    model[name]?.isRunning = true
                }
                // Whatever is overdue runs, has no place, or waits for a reason.
                let idle = model.filter { !$0.value.isRunning && !$0.value.isRevoked && !$0.value.hasFailed }
                let overdue = idle.filter { _, token in
                    token.expiresAt.map { $0 <= now } ?? false && token.floor.map { $0 <= now } ?? true
                }
                #expect(overdue.isEmpty || schedule.runningCount == 5, "seed \(seed)")
            }
            #expect(schedule.runningCount == model.values.count(where: \.isRunning), "seed \(seed)")
            #expect(schedule.runningCount <= 5, "seed \(seed)")
            for (name, token) in model { #expect(schedule.isRunning(name) == token.isRunning, "seed \(seed)") }
        }
    }
}

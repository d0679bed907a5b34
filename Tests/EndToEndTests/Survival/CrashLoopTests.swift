import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// A daemon that crashes again and again asks its providers no more than one that lives: what they said of when to come
    /// again outlasts it (SPEC §4).
    @Suite("A crash loop", .timeLimit(.minutes(3)))
    struct CrashLoopTests {
        /// Lives of a daemon in one loop.
        private static let lives = 20

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// One life: somebody reads in each way there is, and the daemon is killed. Those who insist have it ask its
        /// providers as often as it may at all.
        private func live(_ refresh: String, more: String = "", insisting: Bool = true) async throws {
            let daemon = try await stage.startDaemon(refresh: refresh, more: more)
            let client = daemon.client()
            defer { client.close() }
            let brief = ReadersContract(maxAge: insisting ? .zero : nil, maxWait: .milliseconds(20))
            _ = try await client.status(of: .shop)
            _ = try await client.status(of: .shop, contract: brief, mode: .preferFresh)
            if insisting { _ = try await client.status(of: .shop, contract: brief, mode: .force) }
            try await daemon.crash()
        }

        @Test("Retry-After is obeyed to the second over all its lives")
        func retryAfter() async throws {
            let seconds = 10
            let first = try await stage.startDaemon(refresh: Refresh.eagerly)
            _ = try await first.client().refresh(.shop)
            try await stage.simulator.inject(#"{"kind":"status","status":429,"retry_after_s":\#(seconds)}"#)
            let throttled = ContinuousClock.now
            _ = try await first.client().status(of: .shop) { $0.envelope?.items[0].problem?.code == .rateLimited }
            let told = ContinuousClock.now
            try await first.client().reportKept("throttled")
            try await first.crash()
            try await stage.simulator.clearFaults()
            try await stage.simulator.forgetRequests()

            var lives = 0
            while lives < Self.lives, throttled.duration(to: .now) < .seconds(seconds - 2) {
                try await live(Refresh.eagerly)
                lives += 1
            }
            #expect(lives > 3, "this machine is too slow for the test to tell anything")
            let last = try await stage.startDaemon(refresh: Refresh.eagerly)
            let waiting = try #require(try await last.client().status(of: .shop).envelope?.items[0])
            #expect(waiting.problem?.code == .rateLimited && waiting.status == .connected)
            if throttled.duration(to: .now) < .seconds(seconds) {
                #expect(try await stage.simulator.requests.total == 0, "GitHub was asked before its time")
            }
            // Asked for all the time, it asks again when its time has come, and not before.
            while try await stage.simulator.requests.total == 0 { _ = try await last.client().status(of: .shop) }
            let (since, sinceTold) = (throttled.duration(to: .now), told.duration(to: .now))
            #expect(since >= .seconds(seconds), "asked after \(since)")
            #expect(sinceTold < .seconds(seconds + 3), "asked after \(sinceTold)")
        }

        @Test("a breaker that is open stays open")
        func breaker() async throws {
            let more =
                #"breaker: { failures: 2, coolDown: "60s" }, retry: { retries: 0 }, statusPages: { enabled: false },"#
            let first = try await stage.startDaemon(refresh: Refresh.eagerly, more: more)
            let client = first.client()
            _ = try await client.refresh(.shop)
            try await stage.simulator.inject(#"{"kind":"status","status":500}"#)
            while !first.process.state.errors.contains("circuitBreakerState=open") {
                _ = try await client.status(of: .shop)
                try Task.checkCancellation()
            }
            try await client.reportKept("open")
            try await first.crash()
            try await stage.simulator.forgetRequests()
            let opened = ContinuousClock.now
            for _ in 0..<Self.lives { try await live(Refresh.eagerly, more: more) }
            // The shortest that the cool-down can be is a fifth less.
            #expect(opened.duration(to: .now) < .seconds(48), "this machine is too slow for the test to tell anything")
            #expect(try await stage.simulator.requests.total == 0)
            let item = try #require(
                try await stage.startDaemon(refresh: Refresh.eagerly, more: more).client().status(of: .shop)
                    .envelope?.items[0])
            #expect(item.status == .connected && item.problem != nil && item.stale)
        }

        @Test("a provider that hangs is tried once a second while nothing is known")
        func hangingUnknown() async throws {
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            let start = ContinuousClock.now
            for _ in 0..<Self.lives { try await live(Refresh.onDemand, insisting: false) }
            try await expectAtMost(every: .seconds(1), since: start)
        }

        @Test("a provider that hangs is tried once in a time to live while something is known")
        func hangingKnown() async throws {
            let refresh = #"ttl: "3s", jitter: 0"#
            let first = try await stage.startDaemon(refresh: refresh)
            _ = try await first.client().refresh(.shop)
            try await first.client().reportKept("known")
            try await first.crash()
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            try await stage.simulator.forgetRequests()
            let start = ContinuousClock.now
            for _ in 0..<Self.lives { try await live(refresh, insisting: false) }
            // A quick machine is done before the time to live is: whoever asks then has it asked.
            let last = try await stage.startDaemon(refresh: refresh)
            while try await stage.simulator.requests.total == 0 {
                _ = try await last.client().status(of: .shop)
                try Task.checkCancellation()
            }
            try await expectAtMost(every: .seconds(3), since: start)
        }

        /// One at the beginning and one in each interval since, and some whose note the crash came before: it is written
        /// beside the request, which does not wait for a disk.
        private func expectAtMost(every interval: Duration, since start: ContinuousClock.Instant) async throws {
            // The first attempt asks for more than that, side by side.
            let requests = try await stage.simulator.requests.count(of: "/repos/acme/shop")
            let passed = start.duration(to: .now)
            let allowed = Int(passed / interval) + 1 + Self.lives / 4
            #expect(allowed < Self.lives / 4 * 3, "this machine is too slow for the test to tell anything")
            #expect(requests > 0, "nobody was asked at all")
            #expect(requests <= allowed, "\(requests) attempts in \(passed)")
        }
    }
}

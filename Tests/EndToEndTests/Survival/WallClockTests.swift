import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// Behaviour 12: a wall clock that jumps moves ages, times to live and waits by less than a second, while the daemon
    /// runs and from one daemon to the next.
    @Suite(
        "A wall clock that jumps", .timeLimit(.minutes(2)),
        .enabled(if: SteppedWallClock.isUsable, "needs faketime, and no thread sanitizer"))
    struct WallClockTests {
        private static let hour = 3_600

        private let stage: Stage
        private let clock: SteppedWallClock

        init() async throws {
            stage = try await Stage()
            clock = try SteppedWallClock(in: stage.directory)
        }

        private func start(_ refresh: String = Refresh.onDemand) async throws -> RunningDaemon {
            try await stage.startDaemon(
                projects: "\(Stage.shop), \(Stage.bystander)", refresh: refresh, surroundings: clock.surroundings)
        }

        private func expectAge(_ answer: StatusAnswer, since read: ContinuousClock.Instant, _ step: Int) throws {
            let error = try #require(answer.age) - read.duration(to: .now)
            #expect(max(error, .zero - error) < .seconds(1), "a step of \(step) s moved the age by \(error)")
            let item = try #require(answer.envelope?.items[0])
            #expect(answer.source == .hit && item.freshness == .fresh && !item.stale, "after a step of \(step) s")
        }

        @Test("under a running daemon, and no content grows older or younger")
        func agesWhileRunning() async throws {
            let client = try await start().client()
            _ = try await client.refresh(.shop)
            let read = ContinuousClock.now
            try await stage.simulator.forgetRequests()
            for step in [Self.hour, -Self.hour, 0] {
                try clock.step(toSeconds: step)
                try expectAge(try await client.status(of: .shop), since: read, step)
            }
            #expect(try await stage.simulator.requests.total == 0, "a time to live moved with the wall clock")
            // What is read now is shown with the new time: the daemon did see the clock jump.
            try clock.step(toSeconds: Self.hour)
            let updatedAt = try #require(try await client.refresh(.shop).envelope?.items[0].updatedAt)
            #expect(updatedAt.since(.now) > .seconds(Self.hour - 10))
        }

        @Test("between two daemons, and no content grows older or younger", arguments: [hour, -hour])
        func agesOverRestart(step: Int) async throws {
            let first = try await start()
            _ = try await first.client().refresh(.shop)
            let read = ContinuousClock.now
            try await first.client().waitUntilKept()
            try await first.crash()
            try clock.step(toSeconds: step)
            try await stage.simulator.forgetRequests()
            let answer = try await start().client().status(of: .shop)
            try expectAge(answer, since: read, step)
            // Told by the clock as it is now, it was no moment of the future.
            let updatedAt = try #require(answer.envelope?.items[0].updatedAt)
            #expect(updatedAt.since(UnixTime.now.advanced(by: .seconds(step))) < .milliseconds(20))
            #expect(try await stage.simulator.requests.total == 0, "a time to live moved with the wall clock")
        }

        @Test(
            "while it waits as a provider has told it to, and it waits no longer and no shorter",
            arguments: [hour, -hour],
            [false, true])
        func waits(step: Int, restarts: Bool) async throws {
            let seconds = 5
            var daemon = try await start(Refresh.eagerly)
            _ = try await daemon.client().refresh(.shop)
            try await stage.simulator.inject(#"{"kind":"status","status":429,"retry_after_s":\#(seconds),"count":1}"#)
            let throttled = ContinuousClock.now
            _ = try await daemon.client().status(of: .shop) { $0.envelope?.items[0].problem?.code == .rateLimited }
            let told = ContinuousClock.now
            try await stage.simulator.forgetRequests()
            if restarts {
                try await daemon.client().waitUntilKept()
                try await daemon.crash()
            }
            try clock.step(toSeconds: step)
            if restarts { daemon = try await start(Refresh.eagerly) }
            let client = daemon.client()
            while try await stage.simulator.requests.total == 0 { _ = try await client.status(of: .shop) }
            let (since, sinceTold) = (throttled.duration(to: .now), told.duration(to: .now))
            #expect(since >= .seconds(seconds), "asked after \(since)")
            #expect(sinceTold < .seconds(seconds + 2), "asked after \(sinceTold)")
        }
    }
}

import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// A daemon that starts on what an earlier one left, while nobody upstream answers.
    @Suite("Yesterday's file", .timeLimit(.minutes(2)))
    struct YesterdayTests {
        enum Ending: CaseIterable, Sendable { case stopped, crashed }
        enum Upstream: CaseIterable, Sendable { case off, hanging }

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// Everything but the service that is asleep, which is asked again by itself.
        private static let projects =
            Stage.everything.replacing(
                #"nightly: { url: "$API/services/nightly/health", allowLocal: true },"#, with: "")
            + ", \(Stage.bystander)"
        private static let pagesOff = "statusPages: { enabled: false },"
        /// Wall times that were stored come back by way of the monotonic clock.
        private static let clockTolerance = Duration.milliseconds(100)

        @Test(
            "the next daemon tells at once what the last one knew, as old as it is, before it asks anybody",
            arguments: Ending.allCases, Upstream.allCases)
        func restarted(ending: Ending, upstream: Upstream) async throws {
            let first = try await stage.startDaemon(projects: Self.projects, more: Self.pagesOff)
            let before = try await settled(first)
            let noted = ContinuousClock.now
            if ending == .stopped { #expect(try await first.stop() == .exited(0)) } else { try await first.crash() }
            try await cut(upstream)

            let daemon = try await stage.startDaemon(projects: Self.projects, more: Self.pagesOff)
            let asked = ContinuousClock.now
            let answer = try await daemon.client().status(of: .shop)
            #expect(asked.duration(to: .now) < OutageTests.atOnce)
            if upstream == .hanging { #expect(try await stage.simulator.requests.total == 0) }
            #expect(answer.source == .hit)
            #expect(answer.hash == before.hash)
            let (old, new) = (try #require(before.envelope), try #require(answer.envelope))
            #expect(new.hash == old.hash && new.overall == old.overall && !new.isStale)
            #expect(new.items.map(\.status) == old.items.map(\.status))
            #expect(new.items.map(\.label) == old.items.map(\.label))
            #expect(new.items.map(\.environments) == old.items.map(\.environments))
            #expect(new.items.map(\.samples) == old.items.map(\.samples))
            #expect(new.items.map(\.latency) == old.items.map(\.latency))
            #expect(new.services.map(\.status) == old.services.map(\.status))
            #expect(new.lastRuns.map(\.kind) == ["smoke_tests"])
            for (new, old) in zip(new.items + new.services, old.items + old.services) {
                let shift = try #require(new.updatedAt).since(try #require(old.updatedAt))
                #expect(max(shift, .zero - shift) < Self.clockTolerance, "\(new.key) moved by \(shift)")
            }
            let passed = noted.duration(to: .now)
            let error = try #require(answer.age) - (try #require(before.age) + passed)
            #expect(max(error, .zero - error) < .seconds(1), "the age is off by \(error)")
        }

        @Test("what is past its time is marked as such, and kept", arguments: Upstream.allCases)
        func overdue(upstream: Upstream) async throws {
            let refresh = #"ttl: "2s", jitter: 0, deadline: "500ms""#
            let first = try await stage.startDaemon(projects: Self.projects, refresh: refresh, more: Self.pagesOff)
            let before = try await settled(first)
            #expect(before.envelope?.isStale == false)
            try await first.crash()
            try await cut(upstream)
            let client = try await stage.startDaemon(
                projects: Self.projects, refresh: refresh, more: Self.pagesOff
            ).client()
            let asked = ContinuousClock.now
            _ = try await client.status(of: .shop)
            #expect(asked.duration(to: .now) < OutageTests.atOnce)
            let answer = try await client.status(of: .shop) { $0.envelope?.items.allSatisfy(\.stale) == true }
            #expect(try #require(answer.age) > .seconds(2))
            let (old, new) = (try #require(before.envelope), try #require(answer.envelope))
            #expect(new.isStale)
            #expect(new.items.map(\.status) == old.items.map(\.status))
            #expect(new.items.map(\.label) == old.items.map(\.label))
        }

        @Test(
            "a day and a start of the host later, what is told is a day old",
            .enabled(
                if: PrivateMounts.arePossible && SteppedWallClock.isUsable,
                "needs faketime, and a kernel that lets this user mount a file of its own"))
        func yesterday() async throws {
            let day = 86_400
            let clock = try SteppedWallClock(in: stage.directory)
            try clock.step(toSeconds: -day)
            let boot = try stage.directory.write("11111111-2222-3333-4444-555555555555\n", to: "boot-id")
            let first = try await stage.startDaemon(
                surroundings: clock.surroundings.within(
                    PrivateMounts.after("mount --bind \(boot) /proc/sys/kernel/random/boot_id")))
            let before = try #require(try await first.client().refresh(.shop).envelope)
            let updatedAt = try #require(before.items[0].updatedAt)
            #expect(updatedAt.since(.now) < .seconds(60 - day), "the first daemon did not live yesterday")
            try await first.client().reportKept("yesterday")
            try await first.crash()
            try await cut(.hanging)

            let client = try await stage.startDaemon().client()
            let answer = try await client.status(of: .shop)
            let item = try #require(answer.envelope?.items[0])
            #expect(item.status == .connected && item.label == before.items[0].label)
            #expect(item.updatedAt == updatedAt)
            #expect(item.stale && item.freshness == .old)
            let error = try #require(answer.age) - UnixTime.now.since(updatedAt)
            #expect(max(error, .zero - error) < .seconds(1), "the age is off by \(error)")
        }

        /// What the daemon tells once it has read everything and kept it.
        private func settled(_ daemon: RunningDaemon) async throws -> StatusAnswer {
            let client = daemon.client()
            // It has all that it names read anew, so it comes first.
            try await client.reportKept("settled")
            while true {
                let answer = try await client.status(
                    of: .shop, contract: ReadersContract(maxWait: .seconds(5)), mode: .preferFresh)
                let items = (answer.envelope?.items ?? []) + (answer.envelope?.services ?? [])
                // A reading whose second part is still to come has one probe less to show.
                if !items.isEmpty, items.allSatisfy({ $0.updatedAt != nil }), answer.source == .hit,
                    !answer.isRefreshing
                {
                    break
                }
                try Task.checkCancellation()
            }
            try await client.waitUntilKept()
            return try await client.status(of: .shop)
        }

        private func cut(_ upstream: Upstream) async throws {
            switch upstream {
            case .off: try await stage.simulator.stop()
            case .hanging:
                try await stage.simulator.inject(#"{"kind":"hang"}"#)
                try await stage.simulator.forgetRequests()
            }
        }
    }
}

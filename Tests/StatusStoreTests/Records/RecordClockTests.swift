import Resilience
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("A record's times are true after a restart")
struct RecordClockTests {
    private static let written = TestHost.now

    /// How far from the writing each moment lies.
    private static let readAgo = Duration.seconds(600) + .nanoseconds(1)
    private static let failedAgo = Duration.seconds(60)
    private static let due = Duration.seconds(300)
    private static let blocked = Duration.seconds(3_600)

    @Test("A stepped wall clock changes no age and no wait", arguments: [-3_600, 0, 3_600])
    func steppedWallClock(step: Int64) throws {
        let later = Duration.seconds(90)
        var now = Self.written.advanced(by: later)
        now.wall = now.wall.advanced(by: .seconds(step))
        let item = try Self.item(readAt: now, on: TestHost.boot)
        let reading = try #require(item.record.reading)
        #expect(now.age(since: reading.observedAt) == Self.readAgo + later)
        #expect(reading.observedAt.wall == Self.written.wall.advanced(by: .zero - Self.readAgo))
        #expect(now.age(since: try #require(item.record.failure).firstSeenAt) == Self.failedAgo + later)
        #expect(now.age(since: try #require(item.record.attemptStartedAt)) == later)
        #expect(now.wait(until: item.record.nextAttemptAt) == Self.due - later)
        #expect(now.wait(until: item.record.dueAt) == Self.due - later)
        #expect(now.wait(until: item.record.blockedUntil) == Self.blocked - later)
    }

    @Test("A stepped wall clock changes neither breaker nor budget nor limit", arguments: [-3_600, 0, 3_600])
    func steppedGuards(step: Int64) throws {
        var now = Self.written.advanced(by: .seconds(10))
        now.wall = now.wall.advanced(by: .seconds(step))
        let read = RecordCoder(boot: TestHost.boot, now: now)
        let (breaker, budget, limit) = try Self.guards(readBy: read)
        #expect(breaker == Self.breaker)
        #expect(budget == Self.budget)
        #expect(limit == Self.limit)
    }

    @Test("Another process of the same boot counts from the start of the host")
    func otherOrigin() throws {
        let boot = BootClock(id: TestHost.boot.id, origin: TestHost.boot.origin.advanced(by: .seconds(777)))
        var now = Self.written
        now.instant = now.instant.advanced(by: .seconds(777))
        let item = try Self.item(readAt: now, on: boot)
        #expect(now.age(since: try #require(item.record.reading).observedAt) == Self.readAgo)
        #expect(now.wait(until: item.record.dueAt) == Self.due)
    }

    @Test("What has happened never lies after now, and what is planned may")
    func pastIsClamped() throws {
        let now = Self.written.advanced(by: .seconds(-7_200))
        let item = try Self.item(readAt: now, on: TestHost.boot)
        #expect(item.record.reading?.observedAt.instant == now.instant)
        #expect(item.record.failure?.firstSeenAt.instant == now.instant)
        #expect(item.record.failure?.lastSeenAt.instant == now.instant)
        #expect(item.record.attemptStartedAt?.instant == now.instant)
        #expect(now.wait(until: item.record.dueAt) == Self.due + .seconds(7_200))
    }

    @Test(
        "After a new start of the host the wall clock tells the ages and the waits",
        arguments: ["another boot", ""])
    func otherBoot(id: String) throws {
        // The new boot counts from elsewhere: its clock says nothing of the old one's instants.
        let now = Moment(
            instant: TestHost.boot.origin.advanced(by: .seconds(40)), wall: Self.written.wall.advanced(by: .seconds(90))
        )
        let boot = BootClock(id: id, origin: TestHost.boot.origin)
        let item = try Self.item(readAt: now, on: boot)
        #expect(now.age(since: try #require(item.record.reading).observedAt) == Self.readAgo + .seconds(90))
        #expect(now.wait(until: item.record.dueAt) == Self.due - .seconds(90))
        #expect(now.wait(until: item.record.blockedUntil) == Self.blocked - .seconds(90))
        let (breaker, budget, limit) = try Self.guards(readBy: RecordCoder(boot: boot, now: now))
        #expect(now.wait(until: limit.until) == .seconds(3_510))
        let opening = try #require(breaker.record?.opening)
        #expect(now.instant.duration(to: opening.until) == .seconds(-60))
        #expect(try #require(breaker.record?.closedAt).duration(to: now.instant) == .seconds(180))
        #expect(try #require(budget.record.slices.first).start.duration(to: now.instant) == .seconds(94))
    }

    @Test("A host that does not tell its boot cannot compare instants, not even with its own records")
    func namelessBoot() throws {
        let boot = BootClock(id: "", origin: TestHost.boot.origin)
        var now = Self.written
        let bytes = RecordCoder(boot: boot, now: now).encode(try Self.item)
        now.wall = now.wall.advanced(by: .seconds(50))
        let item = try bytes.withUnsafeBytes { try RecordCoder(boot: boot, now: now).item(from: $0) }
        #expect(now.age(since: try #require(item.record.reading).observedAt) == Self.readAgo + .seconds(50))
    }

    @Test(
        "Whatever the wall clock says after a new start of the host, no age is negative and no wait is over a day",
        arguments: [Int64.min, -400_000_000, -86_401, -3_600, 0, 3_600, 400_000_000, Int64.max])
    func wildWallClock(step: Int64) throws {
        let now = Moment(instant: TestHost.boot.origin, wall: Self.written.wall.advanced(by: .seconds(step)))
        let item = try Self.item(readAt: now, on: BootClock(id: "another boot", origin: TestHost.boot.origin))
        let happened = [
            item.record.reading?.observedAt, item.record.failure?.firstSeenAt, item.record.failure?.lastSeenAt,
            item.record.attemptStartedAt,
        ]
        for moment in happened {
            let moment = try #require(moment)
            #expect(moment.instant <= now.instant && moment.wall <= now.wall)
        }
        for moment in [item.record.dueAt, item.record.nextAttemptAt, item.record.blockedUntil] {
            let moment = try #require(moment)
            #expect(now.instant.duration(to: moment.instant) <= .seconds(86_400))
        }
        if step > 3_600 { #expect(try #require(now.wait(until: item.record.dueAt)) < .zero, "the past stays the past") }
        if step < -86_400 { #expect(now.wait(until: item.record.dueAt) == .seconds(86_400)) }
    }
}

extension RecordClockTests {
    private static var item: StoredItem {
        get throws {
            var record = ItemRecord(key: .provider(.github), link: .linked)
            record.reading = Reading(
                key: .provider(.github), observedAt: written.advanced(by: .zero - readAgo),
                status: StatusTimeline(.connected), summary: Summary([]))
            record.failure = FailureRecord(
                failure: ProviderFailure(code: .timeout, cause: .provider, hint: "", disposition: .keepsLast),
                firstSeenAt: written.advanced(by: .zero - failedAgo), lastSeenAt: written, attempts: 2)
            record.attemptStartedAt = written
            record.nextAttemptAt = written.advanced(by: due)
            record.dueAt = written.advanced(by: due)
            record.blockedUntil = written.advanced(by: blocked)
            return StoredItem(project: try #require(ProjectID("p")), record: record)
        }
    }

    private static let breaker = StoredBreaker(
        upstream: "github", place: "https://api.github.com",
        record: CircuitBreaker.Record(
            openingCount: 3,
            opening: .init(until: written.instant.advanced(by: .seconds(30)), reason: .slow),
            closedAt: written.instant.advanced(by: .seconds(-90))))

    private static let budget = StoredBudget(
        upstream: "github",
        record: RetryBudget.Record(slices: [
            .init(start: written.instant.advanced(by: .seconds(-4)), firstTryCount: 9, retryCount: 1)
        ]))

    private static let limit = StoredLimit(
        scope: LimitScope(origin: "https://api.github.com", credential: nil),
        until: written.advanced(by: .seconds(3_600)))

    private static func item(readAt now: Moment, on boot: BootClock) throws -> StoredItem {
        let bytes = TestHost.coder.encode(try item)
        return try bytes.withUnsafeBytes { try RecordCoder(boot: boot, now: now).item(from: $0) }
    }

    private static func guards(readBy coder: RecordCoder) throws -> (StoredBreaker, StoredBudget, StoredLimit) {
        (
            try TestHost.coder.encode(breaker).withUnsafeBytes { try coder.breaker(from: $0) },
            try TestHost.coder.encode(budget).withUnsafeBytes { try coder.budget(from: $0) },
            try TestHost.coder.encode(limit).withUnsafeBytes { try coder.limit(from: $0) }
        )
    }
}

extension Moment {
    fileprivate func wait(until moment: Moment?) -> Duration? {
        moment.map { instant.duration(to: $0.instant) }
    }
}

import StatusCore
import StatusModel
import Testing

@Suite("An item's view")
struct ItemViewTests {
    private let start = Samples.start

    @Test(
        "an item that is not in force is disconnected and says why",
        arguments: [
            (.notLinked, .notLinked), (.disabled, .disabled), (.revoked, .revoked),
        ] as [(ItemRecord.LinkState, ConfiguredReason)])
    func notConfigured(link: ItemRecord.LinkState, reason: ConfiguredReason) {
        var record = Samples.record(reading: Samples.reading(), failure: Samples.revoked)
        record.link = link
        let view = Samples.view(record)
        #expect(!view.status.configured && view.status.visible)
        #expect(view.status.configuredReason == reason)
        #expect(view.status.status == .disconnected)
        #expect(view.status.problem == nil && view.status.updatedAt == nil && view.status.freshness == .never)
        #expect(!view.status.summary.isEmpty)
        #expect(view.changesAt == nil && view.learntAt == nil && !view.isChecking)
    }

    @Test("an item that policy hides keeps its place and says nothing")
    func hidden() {
        var record = Samples.record(reading: Samples.reading(), failure: Samples.throttled)
        record.lastRunAt = start.wall
        let view = ItemView(of: record, isHidden: true, role: .owner, now: start)
        var nothing = IntegrationStatus(key: Samples.github)
        nothing.visible = false
        nothing.configuredReason = .hiddenByPolicy
        #expect(view.status == nothing)
        #expect(view.changesAt == nil && view.learntAt == nil && !view.isChecking)
    }

    @Test("a linked item of which nothing is known is being checked, which is no warning")
    func checking() {
        let view = Samples.view(Samples.record())
        #expect(view.isChecking && view.status.configured && view.status.configuredReason == nil)
        #expect(view.status.summary == "Checking…")
        #expect(view.status.status == .disconnected)
        #expect(view.status.freshness == .never && view.status.updatedAt == nil && !view.status.stale)
    }

    @Test("a fresh reading is shown with its words and its time")
    func fresh() {
        let view = Samples.view(Samples.record(reading: Samples.reading()), at: start.after(30))
        #expect(view.status.status == .connected)
        #expect(view.status.summary == "Linked to main · Last push 2m ago")
        #expect(view.status.label == "octo-org/octo-repo")
        #expect(view.status.updatedAt == start.wall)
        #expect(view.status.freshness == .fresh && !view.status.stale && view.status.problem == nil)
        #expect(view.changesAt == start.after(60).instant)
    }

    @Test(
        "content over 90 s old is stale without any failure", arguments: [(90.0, false), (90.001, true), (400, true)])
    func staleByAge(age: Double, isStale: Bool) {
        #expect(Samples.view(Samples.record(reading: Samples.reading()), at: start.after(age)).status.stale == isStale)
    }

    @Test("content is stale once its refresh is overdue by more than its grace")
    func staleByOverdueRefresh() {
        var record = Samples.record(reading: Samples.reading(pushed: .seconds(-3600)))
        record.dueAt = start.after(15)
        let inTime = Samples.view(record, at: start.after(20))
        #expect(!inTime.status.stale)
        #expect(inTime.changesAt == start.after(20).instant.advanced(by: .nanoseconds(1)))
        #expect(Samples.view(record, at: start.after(20.1)).status.stale)
    }

    @Test("a status turns by itself when its time comes")
    func timeline() {
        var reading = Samples.reading(pushed: .seconds(-40 * 86_400))
        reading.status = StatusTimeline(.connected, turns: [.init(at: start.after(40).wall, to: .warning)])
        let record = Samples.record(reading: reading)
        #expect(Samples.view(record).status.status == .connected)
        #expect(Samples.view(record).changesAt == start.after(40).instant)
        #expect(Samples.view(record, at: start.after(40)).status.status == .warning)
    }

    @Test("an unreachable provider keeps its last status, stale and with its problem")
    func keepsLast() throws {
        var record = Samples.record(reading: Samples.reading(), failure: Samples.failure(), failedAt: start.after(15))
        record.failure?.attempts = 3
        record.nextAttemptAt = start.after(45)
        let status = Samples.view(record, at: start.after(20)).status
        #expect(status.status == .connected && status.stale && status.freshness == .fresh)
        #expect(status.summary == "Linked to main · Last push 2m ago")
        #expect(status.updatedAt == start.wall)
        let problem = try #require(status.problem)
        #expect(problem.code == .network && problem.cause == .host && problem.attempts == 3)
        #expect(problem.firstSeenAt == start.after(15).wall)
        #expect(problem.nextAttemptAt == start.after(45).wall)
    }

    @Test("an unreachable provider of which nothing is known is an error")
    func unreachableFromTheStart() {
        let view = Samples.view(Samples.record(failure: Samples.failure()))
        #expect(view.status.status == .error && !view.isChecking)
        #expect(view.status.summary == "GitHub unreachable")
        #expect(view.status.updatedAt == nil && view.status.freshness == .never)
        #expect(view.status.problem?.code == .network)
        #expect(view.learntAt == start)
    }

    @Test(
        "a refusal is an error whatever was known, in plain words",
        arguments: [
            (.oauthRevoked, "Access revoked"), (.notFound, "Repository not found"),
            (.missingScope, "Missing permission"), (.misconfigured, "Misconfigured link"),
        ] as [(ProblemCode, String)], [true, false])
    func replaces(code: (ProblemCode, String), wasKnown: Bool) {
        var reading = Samples.reading()
        reading.latencies = [.milliseconds(1)]
        reading.environments = [
            EnvironmentReading(name: "production", status: StatusTimeline(.connected), summary: Summary([]))
        ]
        let record = Samples.record(
            reading: wasKnown ? reading : nil, failure: Samples.failure(code.0, cause: .refused, .replaces),
            failedAt: start.after(15))
        let status = Samples.view(record, at: start.after(20)).status
        #expect(status.status == .error)
        #expect(status.summary == code.1)
        #expect(status.problem?.code == code.0)
        #expect(status.environments.isEmpty && status.latency == nil && status.samples == 0)
        #expect(status.label == (wasKnown ? "octo-org/octo-repo" : ""))
        // The refusal is the provider's answer: it is fresh.
        #expect(status.updatedAt == start.after(15).wall && status.freshness == .fresh && !status.stale)
    }

    @Test(
        "throttling leaves the status alone for two minutes and is at best a warning after that",
        arguments: [
            (.connected, 0, .connected), (.connected, 119.9, .connected), (.connected, 120, .warning),
            (.error, 0, .error), (.error, 500, .error), (.disconnected, 120, .warning), (.warning, 10, .warning),
        ] as [(ConnectionState, Double, ConnectionState)])
    func throttled(known: ConnectionState, seconds: Double, shown: ConnectionState) {
        let record = Samples.record(reading: Samples.reading(status: known), failure: Samples.throttled)
        let status = Samples.view(record, at: start.after(seconds)).status
        #expect(status.status == shown)
        #expect(status.problem?.code == .rateLimited && status.problem?.cause == .throttled)
        #expect(status.summary.hasPrefix("Linked to main"))
    }

    @Test("throttling ends its two minutes at the instant announced")
    func throttlingTurns() {
        let reading = Samples.reading(pushed: .seconds(-30 * 86_400))
        let record = Samples.record(reading: reading, failure: Samples.throttled, failedAt: start.after(-60))
        #expect(Samples.view(record).changesAt == start.after(60).instant)
    }

    @Test("throttling with nothing known is a warning, not an error")
    func throttledFromTheStart() {
        let status = Samples.view(Samples.record(failure: Samples.throttled)).status
        #expect(status.status == .warning)
        #expect(status.summary == "Throttled by GitHub")
    }

    @Test("throttling never replaces what is known, whatever an adapter says of it")
    func throttlingNeverReplaces() {
        let failure = Samples.failure(.rateLimited, cause: .throttled, .replaces)
        let status = Samples.view(Samples.record(reading: Samples.reading(), failure: failure)).status
        #expect(status.status == .connected)
    }

    @Test("throttling that an adapter calls final is a warning as well while nothing is known")
    func throttlingIsNoRefusal() {
        let view = Samples.view(Samples.record(failure: Samples.failure(.rateLimited, cause: .throttled, .replaces)))
        #expect(view.status.status == .warning && view.status.updatedAt == nil)
    }

    @Test("an environment's status turns by itself as well")
    func environmentTimeline() {
        var reading = Samples.reading(pushed: .seconds(-40 * 86_400))
        let timeline = StatusTimeline(.connected, turns: [.init(at: start.after(40).wall, to: .warning)])
        reading.environments = [EnvironmentReading(name: "preview", status: timeline, summary: Summary([]))]
        let view = Samples.view(Samples.record(reading: reading))
        #expect(view.changesAt == start.after(40).instant)
        #expect(view.status.environments.map(\.status) == [.connected])
    }

    @Test("a reading's own problem stands beside its data, a failure's before it")
    func readingProblem() {
        var reading = Samples.reading(status: .warning)
        reading.problem = ReadingProblem(code: .missingScope, cause: .refused, hint: "Grant it.")
        let alone = Samples.view(Samples.record(reading: reading)).status
        #expect(alone.problem?.code == .missingScope && alone.status == .warning && !alone.stale)
        let both = Samples.view(Samples.record(reading: reading, failure: Samples.failure())).status
        #expect(both.problem?.code == .network && both.status == .warning)
    }

    @Test("a step of the wall clock by an hour ages nothing", arguments: [3600, -3600] as [Int64])
    func wallClockStep(stepSeconds: Int64) throws {
        var now = start.after(30)
        now.wall = now.wall.advanced(by: .seconds(stepSeconds))
        let status = Samples.view(Samples.record(reading: Samples.reading()), at: now).status
        #expect(status.freshness == .fresh && !status.stale)
        let age = now.wall.since(try #require(status.updatedAt))
        #expect(age >= .seconds(30) && age < .seconds(31))
    }

    @Test("environments and latency are shown as they stand")
    func environments() throws {
        var reading = Samples.reading(Samples.vercel)
        reading.environments = [
            EnvironmentReading(
                name: "production", status: StatusTimeline(.connected),
                summary: Summary([.ago(label: "Deployed", start.after(-60).wall)]), url: "https://shop.example",
                lastDeployAt: start.after(-60).wall)
        ]
        reading.latencies = [.milliseconds(10), .milliseconds(30)]
        let status = Samples.view(Samples.record(Samples.vercel, reading: reading)).status
        let environment = try #require(status.environments.first)
        #expect(environment.summary == "Deployed 1m ago" && environment.url == "https://shop.example")
        #expect(environment.lastDeployAt == start.after(-60).wall)
        #expect(status.samples == 2)
        #expect(status.latency == LatencySummary(mean: .milliseconds(20), p95: .milliseconds(30)))
    }
}

import StatusCore
import StatusModel
import TestSupport

/// Projects in every state that the types permit, for properties that hold for all of them.
struct RandomProject {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func snapshot(hidden: [ItemKey: Set<Role>] = [:]) -> ProjectSnapshot {
        let services = ["worker", "mailer"].filter { _ in chance() }.map { ItemKey.service($0) }
        var snapshot = Samples.project(ProviderKey.allCases.map { .provider($0) } + services, hidden: hidden)
        snapshot.items = snapshot.items.map { record($0.key) }
        snapshot.services = snapshot.services.map { record($0.key) }
        if chance() { snapshot.lastRuns = [RunRecord(kind: "diagnostics", at: past().wall, passed: chance())] }
        return snapshot.refreshFinished([Samples.github, Samples.vercel], startedAt: past(), at: Samples.start)
    }

    mutating func record(_ key: ItemKey) -> ItemRecord {
        var record = ItemRecord(key: key, link: pick([.linked, .linked, .linked, .notLinked, .disabled, .revoked]))
        if chance() { record.reading = reading(key) }
        if chance() {
            let first = past()
            record.failure = FailureRecord(
                failure: failure(), firstSeenAt: first, lastSeenAt: Samples.start,
                attempts: Int.random(
                    in: 1...9, using: &generator))
        }
        if chance() { record.dueAt = chance() ? past() : future() }
        if chance() { record.nextAttemptAt = future() }
        if chance() { record.lastRunAt = past().wall }
        return record
    }

    mutating func reading(_ key: ItemKey) -> Reading {
        var reading = Reading(
            key: key, observedAt: past(), status: timeline(),
            summary: Summary([.restricted("octo-org", generic: "Linked"), .ago(label: "Last push", past().wall)]))
        if chance() { reading.label = ResourceLabel(full: "octo-org/octo-repo", generic: "Private repository") }
        if chance() { reading.problem = ReadingProblem(code: .missingScope, cause: .refused, hint: "octo-org") }
        if chance() { reading.latencies = [.milliseconds(12), .milliseconds(40)] }
        if chance() {
            reading.environments = [
                EnvironmentReading(
                    name: "production", status: timeline(), summary: Summary([.ago(label: "", past().wall)]),
                    url: "https://octo-org.example", lastDeployAt: past().wall)
            ]
        }
        return reading
    }

    private mutating func failure() -> ProviderFailure {
        Samples.failure(
            pick(ProblemCode.allCases), cause: pick(ProblemCause.allCases), pick([.keepsLast, .replaces]),
            retryAfter: chance() ? future().wall : nil)
    }

    private mutating func timeline() -> StatusTimeline {
        let turns = chance() ? [StatusTimeline.Turn(at: chance() ? past().wall : future().wall, to: .warning)] : []
        return StatusTimeline(pick(ConnectionState.allCases), turns: turns)
    }

    private mutating func past() -> Moment { Samples.start.advanced(by: .zero - span()) }
    private mutating func future() -> Moment { Samples.start.advanced(by: span()) }

    /// From nothing to a year, mostly short, to the nanosecond.
    private mutating func span() -> Duration {
        let longest = pick([200, 400, 90_000, 32_000_000] as [Int64])
        return .nanoseconds(Int64.random(in: 0...(longest * 1_000_000_000), using: &generator))
    }

    private mutating func chance() -> Bool { Bool.random(using: &generator) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }
}

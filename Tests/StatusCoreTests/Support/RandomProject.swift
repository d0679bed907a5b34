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

    /// A project as it may be a moment later: each item as it was, read again with the same facts, a little different, or
    /// another altogether.
    mutating func next(after snapshot: ProjectSnapshot) -> ProjectSnapshot {
        var next = snapshot
        next.items = next.items.map { record(after: $0) }
        next.services = next.services.map { record(after: $0) }
        if chance(), !next.services.isEmpty { next.services.removeLast() }
        if chance() { next.hidden = [Samples.github: [.viewer, .editor]] }
        return next
    }

    private mutating func record(after known: ItemRecord) -> ItemRecord {
        var record = known
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: record = self.record(known.key)
        case 1: record.reading?.status = timeline()
        case 2: record.reading?.summary.parts.append(.measured("12ms avg"))
        case 3: record.failure?.failure = failure()
        case 4: record.failure = nil
        case 5: record.reading?.environments = []
        case 6: record.lastRunAt = past().wall
        default: break
        }
        // What says nothing new.
        if chance() {
            record.reading?.observedAt = past()
            record.reading?.latencies = [.milliseconds(7)]
            record.reading?.memo = ["etag": "another"]
            record.failure?.attempts += 1
            record.dueAt = future()
        }
        return record
    }

    /// A moment about now.
    mutating func moment() -> Moment { chance() ? past() : future() }

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

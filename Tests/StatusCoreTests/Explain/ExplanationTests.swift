import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("An explanation")
struct ExplanationTests {
    /// One state that an item can be in, and all that is said of it.
    struct State: Sendable, CustomTestStringConvertible {
        var name: String
        var record: ItemRecord
        var circumstances = Circumstances(demand: .recentlyRead)
        var now = Samples.start.after(12)
        var reasons: [String]
        var nextAfter: Duration?

        var testDescription: String { name }

        var explanation: ItemExplanation {
            Explanation(of: record, view: Samples.view(record, at: now), in: circumstances, at: now).told
        }
    }

    private static let start = Samples.start
    private static let throttledUntil = start.after(600)
    private static let answered = "the status rests on what GitHub answered 12s ago: Linked to main · Last push 2m ago."

    private static func record(
        _ reading: Reading? = Samples.reading(), _ failure: ProviderFailure? = nil, attempts: Int = 1,
        next: Moment? = start.after(15), _ change: (inout ItemRecord) -> Void = { _ in }
    ) -> ItemRecord {
        var record = Samples.record(reading: reading, failure: failure, failedAt: start)
        record.failure?.attempts = attempts
        if attempts > 1 { record.failure?.lastSeenAt = start.after(10) }
        (record.dueAt, record.nextAttemptAt) = (next, next)
        change(&record)
        return record
    }

    private static func unlinked(_ link: ItemRecord.LinkState) -> ItemRecord {
        ItemRecord(key: Samples.github, link: link)
    }

    private static let failing = record(
        Samples.reading(), Samples.failure(.providerOutage, cause: .provider), attempts: 3, next: start.after(15))

    private static let outage = [
        "The status rests on what GitHub answered 12s ago: Linked to main · Last push 2m ago.",
        "3 attempts in a row have failed since 12s ago, the newest 2s ago (provider_outage): Look at octo-org.",
        "The cause lies with GitHub: it is down or answers nonsense.",
    ]

    static let states: [State] = [
        State(
            name: "well", record: record(),
            reasons: ["Nothing is wrong; \(answered)", "The next attempt is in 3s."], nextAfter: .seconds(3)),
        State(
            name: "well, and being read", record: record(),
            circumstances: Circumstances(demand: .watched, isBeingRead: true),
            reasons: ["Nothing is wrong; \(answered)", "It is being read at this moment."], nextAfter: .seconds(3)),
        State(
            name: "a warning by its content", record: record(Samples.reading(status: .warning)),
            reasons: ["The \(answered.dropFirst(4))", "The next attempt is in 3s."], nextAfter: .seconds(3)),
        State(
            name: "a problem beside good data",
            record: record {
                $0.reading?.problem = ReadingProblem(code: .missingScope, cause: .refused, hint: "Grant it")
            },
            reasons: [
                "The \(answered.dropFirst(4))", "Its answer tells of a problem (missing_scope): Grant it.",
                "GitHub refuses us: the credential, a permission, or the link itself.", "The next attempt is in 3s.",
            ], nextAfter: .seconds(3)),
        State(
            name: "overdue", record: record(next: start.after(2)),
            reasons: [
                "The \(answered.dropFirst(4))", "A refresh has been due since 10s ago, so it counts as stale.",
                "The next attempt is now.",
            ], nextAfter: .zero),
        State(
            name: "stale by age alone", record: record(next: start.after(600)), now: start.after(100),
            reasons: [
                "The status rests on what GitHub answered 1m ago: Linked to main · Last push 3m ago.",
                "By its age it counts as stale.", "The next attempt is in 8m.",
            ], nextAfter: .seconds(500)),
        State(
            name: "never read", record: record(nil, next: nil),
            reasons: ["Nothing is known of GitHub yet; it has not been read.", "The next attempt is now."],
            nextAfter: .zero),
        State(
            name: "failing beside a reading", record: failing,
            reasons: outage + ["The next attempt is in 3s."], nextAfter: .seconds(3)),
        State(
            name: "failing without a reading", record: record(nil, Samples.failure()),
            reasons: [
                "GitHub has not given its status yet, so the failure stands for it.",
                "The newest attempt failed 12s ago (network): Look at octo-org.",
                "The cause lies with this host: network, name resolution, trust store, clock, disk or configuration.",
                "The next attempt is in 3s.",
            ], nextAfter: .seconds(3)),
        State(
            name: "refused until its secret changes",
            record: record(Samples.reading(), Samples.revoked, next: nil) { $0.isSuspended = true },
            reasons: [
                "The failure stands in the place of what GitHub answered before.",
                "The newest attempt failed 12s ago (oauth_revoked): Look at octo-org.",
                "GitHub refuses us: the credential, a permission, or the link itself.",
                "It is not tried again by itself before its secret changes, which is noticed within a second.",
            ]),
        State(
            name: "refused",
            record: record(nil, Samples.failure(.notFound, cause: .refused, .replaces), next: start.after(60)),
            reasons: [
                "GitHub has not given its status yet, so the failure stands for it.",
                "The newest attempt failed 12s ago (not_found): Look at octo-org.",
                "GitHub refuses us: the credential, a permission, or the link itself.",
                "A refusal is mended by a person alone, so it is tried again less often.",
                "The next attempt is in 48s.",
            ], nextAfter: .seconds(48)),
        State(
            name: "throttled",
            record: record(Samples.reading(), Samples.throttled, next: throttledUntil) {
                $0.blockedUntil = throttledUntil
            },
            reasons: [
                "The \(answered.dropFirst(4))", "The newest attempt failed 12s ago (rate_limited): Look at octo-org.",
                "GitHub throttles us, which is no failure: it would answer if it were asked less often.",
                "GitHub wants no request for 9m more, not even one that somebody forces.", "The next attempt is in 9m.",
            ], nextAfter: .seconds(588)),
        State(
            name: "held by a limit that it shares", record: record(),
            circumstances: Circumstances(demand: .recentlyRead, limitEndsAt: start.after(42).wall),
            reasons: [
                "Nothing is wrong; \(answered)",
                "GitHub wants no request for 30s more, not even one that somebody forces.",
                "The next attempt is in 30s.",
            ], nextAfter: .seconds(30)),
        State(
            name: "a limit that has ended", record: record(),
            circumstances: Circumstances(demand: .recentlyRead, limitEndsAt: start.wall),
            reasons: ["Nothing is wrong; \(answered)", "The next attempt is in 3s."], nextAfter: .seconds(3)),
        State(
            name: "behind an open breaker", record: failing,
            circumstances: Circumstances(
                demand: .watched, breaker: BreakerStanding(.open, until: start.after(42).instant)),
            reasons: outage + [
                "GitHub keeps failing, so requests are held back for 30s more (its circuit breaker is open); "
                    + "then one goes through as a trial.", "The next attempt is in 30s.",
            ], nextAfter: .seconds(30)),
        State(
            name: "behind a breaker that would let a trial through", record: failing,
            circumstances: Circumstances(demand: .watched, breaker: BreakerStanding(.open, until: start.instant)),
            reasons: outage + [
                "GitHub keeps failing, so requests are held back (its circuit breaker is open); "
                    + "then one goes through as a trial.", "The next attempt is in 3s.",
            ], nextAfter: .seconds(3)),
        State(
            name: "behind a half open breaker", record: failing,
            circumstances: Circumstances(demand: .watched, breaker: BreakerStanding(.halfOpen)),
            reasons: outage + [
                "One trial request at a time finds out whether GitHub is back (its circuit breaker is half open).",
                "The next attempt is in 3s.",
            ], nextAfter: .seconds(3)),
        State(
            name: "idle, and nobody watches", record: record(), circumstances: Circumstances(demand: .idle),
            reasons: [
                "Nothing is wrong; \(answered)",
                "Nobody has asked for the project in the last 5m and nobody watches anything, so it is read again when "
                    + "somebody does.",
            ]),
        State(
            name: "idle, and somebody watches", record: record(),
            circumstances: Circumstances(demand: .idle, isAnyoneWatching: true),
            reasons: ["Nothing is wrong; \(answered)", "The next attempt is in 48s."], nextAfter: .seconds(48)),
        State(
            name: "forgotten", record: record(),
            circumstances: Circumstances(demand: .forgotten, isAnyoneWatching: true),
            reasons: [
                "Nothing is wrong; \(answered)",
                "Nobody has asked for the project in the last 3d, so it is read again when somebody does.",
            ]),
        State(name: "not linked", record: unlinked(.notLinked), reasons: ["Nothing is linked, so nothing is read."]),
        State(
            name: "switched off", record: unlinked(.disabled),
            reasons: ["The link is switched off, so nothing is read."]),
        State(name: "revoked", record: unlinked(.revoked), reasons: ["The link was revoked, so nothing is read."]),
        State(
            name: "without a credential", record: unlinked(.lacksCredential),
            reasons: ["GitHub answers nobody without a credential, and the link names none."]),
    ]

    @Test("says what led to the status, the weightiest first, and when it is read next", arguments: Self.states)
    func reasons(state: State) {
        let told = state.explanation
        #expect(told.reasons == state.reasons)
        #expect(told.nextAttemptAt == state.nextAfter.map { state.now.wall.advanced(by: $0) })
    }

    @Test("gives the facts behind its words")
    func facts() throws {
        var random = SeededGenerator(seed: 1)
        var record = Self.failing
        let id = RefreshID(using: &random)
        record.refreshID = id
        let until = Self.start.after(42)
        let told = State(
            name: "", record: record,
            circumstances: Circumstances(demand: .watched, breaker: BreakerStanding(.open, until: until.instant)),
            reasons: []
        ).explanation
        #expect(told.age == .seconds(12))
        #expect(
            told.lastError
                == RefreshError(code: .providerOutage, message: "Look at octo-org.", at: Self.start.after(10).wall))
        #expect(told.breaker == .open)
        #expect(told.breakerOpenUntil == until.wall)
        #expect(told.demand == .watched)
        #expect(told.throttledUntil == nil)
        #expect(told.traceID == id.description)
        #expect(told.status == Samples.view(record, at: Self.start.after(12)).status)
    }

    @Test("says until when a provider throttles, and not so of one that is down and named a time")
    func throttled() {
        func told(_ failure: ProviderFailure) -> ItemExplanation {
            State(
                name: "",
                record: Self.record(Samples.reading(), failure, next: Self.throttledUntil) {
                    $0.blockedUntil = Self.throttledUntil
                }, reasons: []
            ).explanation
        }
        #expect(told(Samples.throttled).throttledUntil == Self.throttledUntil.wall)
        #expect(told(Samples.failure(.providerOutage, cause: .provider)).throttledUntil == nil)
    }

    @Test("has no age while nothing was ever answered, and that of the refusal where one stands for the item")
    func age() {
        func age(_ reading: Reading?, _ failure: ProviderFailure?) -> Duration? {
            State(name: "", record: Self.record(reading, failure), reasons: []).explanation.age
        }
        #expect(age(nil, nil) == nil)
        #expect(age(nil, Samples.failure()) == nil)
        #expect(age(Samples.reading(at: Self.start.after(-60)), Samples.failure()) == .seconds(72))
        #expect(age(Samples.reading(at: Self.start.after(-60)), Samples.revoked) == .seconds(12))
    }

    @Test("of a hidden item is the same whatever is known of it", arguments: Self.states)
    func hidden(state: State) {
        let view = ItemView(of: state.record, isHidden: true, role: .viewer, now: state.now)
        let told = Explanation(of: state.record, view: view, in: state.circumstances, at: state.now).told
        var nothing = IntegrationStatus(key: Samples.github)
        nothing.visible = false
        nothing.configuredReason = .hiddenByPolicy
        #expect(told == ItemExplanation(status: nothing, reasons: ["Policy hides this item from your role."]))
    }

    @Test("tells a viewer no name of an organisation", arguments: Self.states)
    func redacted(state: State) {
        let view = Samples.view(state.record, role: .viewer, at: state.now)
        let told = Explanation(of: state.record, view: view, in: state.circumstances, at: state.now).told
        #expect(!String(describing: told).contains("octo-"))
        #expect(!told.reasons.contains { $0.contains("main") })
    }
}

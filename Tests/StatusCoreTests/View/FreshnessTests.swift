import StatusCore
import StatusModel
import Testing

@Suite("Freshness")
struct FreshnessTests {
    @Test(
        "content is ageing once over 90 s old, and old once over 5 min",
        arguments: [
            (0, .fresh), (90_000, .fresh), (90_001, .ageing), (300_000, .ageing), (300_001, .old), (9_000_000, .old),
        ] as [(Int64, Freshness)])
    func byAge(milliseconds: Int64, freshness: Freshness) {
        #expect(Freshness(age: .milliseconds(milliseconds)) == freshness)
    }

    @Test("it changes at the first instant past a limit", arguments: [0, 90, 91, 300] as [Double])
    func nextChange(age: Double) throws {
        let now = Samples.start.after(age).instant
        let change = try #require(Freshness.nextChange(of: Samples.start.instant, after: now))
        let freshness = { (instant: ContinuousClock.Instant) in
            Freshness(age: Samples.start.instant.duration(to: instant))
        }
        #expect(change > now)
        #expect(freshness(change.advanced(by: .nanoseconds(-1))) == freshness(now))
        #expect(freshness(change) != freshness(now))
    }

    @Test("old content grows no older")
    func oldStaysOld() {
        let now = Samples.start.after(301).instant
        #expect(Freshness.nextChange(of: Samples.start.instant, after: now) == nil)
    }
}

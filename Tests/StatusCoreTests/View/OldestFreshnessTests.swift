import StatusCore
import StatusModel
import Testing

@Suite("The freshness of a view")
struct OldestFreshnessTests {
    private static func status(_ freshness: Freshness, configured: Bool = true) -> IntegrationStatus {
        var status = IntegrationStatus(key: Samples.github)
        status.configured = configured
        status.freshness = freshness
        return status
    }

    @Test(
        "is that of the oldest content",
        arguments: [
            ([], .never), ([.never], .never), ([.fresh, .fresh], .fresh), ([.fresh, .ageing], .ageing),
            ([.old, .fresh, .ageing], .old), ([.never, .fresh], .fresh),
        ] as [([Freshness], Freshness)])
    func oldest(items: [Freshness], expected: Freshness) {
        #expect(Freshness.oldest(of: items.map { Self.status($0) }) == expected)
        let disabled = items.map { Self.status($0) } + [Self.status(.old, configured: false)]
        #expect(Freshness.oldest(of: disabled) == expected, "what is not configured does not count")
    }

    @Test("is told by the view, changes with it, and ignores what policy hides")
    func view() {
        let snapshot = Samples.project([Samples.github, Samples.vercel], hidden: [Samples.vercel: [.viewer]])
            .applied(reading: Samples.reading(), for: Samples.github, at: Samples.start)
            .applied(
                reading: Samples.reading(Samples.vercel, at: Samples.start.after(-400)), for: Samples.vercel,
                at: Samples.start)
        #expect(Samples.render(snapshot).freshness == .old)
        let viewers = Samples.render(snapshot, role: .viewer)
        #expect(viewers.freshness == .fresh)
        #expect(Samples.render(snapshot, role: .viewer, at: Samples.start.after(91)).freshness == .ageing)
        #expect(viewers.validUntil <= Samples.start.after(90.1).instant)
    }
}

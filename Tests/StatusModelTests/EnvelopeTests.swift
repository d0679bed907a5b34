import StatusModel
import Testing

@Suite("An envelope of which nothing is known")
struct EnvelopeTests {
    @Test("holds the four providers in their order, not linked and disconnected")
    func isEmpty() throws {
        let envelope = StatusEnvelope(projectID: try #require(ProjectID("shop")))
        #expect(envelope.items.map(\.key.description) == ["github", "vercel", "sanity", "supabase"])
        #expect(envelope.items.allSatisfy { !$0.configured && $0.configuredReason == .notLinked && $0.visible })
        #expect(envelope.items.allSatisfy { $0.status == .disconnected && $0.freshness == .never && !$0.stale })
        #expect(envelope.overall == .disconnected)
        #expect(envelope.cachedAt == nil)
    }

    @Test("every code and cause keeps the name that callers depend on")
    func namesAreStable() {
        #expect(
            ProblemCode.allCases.map(\.rawValue) == [
                "oauth_revoked", "rate_limited", "timeout", "unknown", "missing_scope", "not_found",
                "provider_outage", "sleeping", "misconfigured", "network", "tls",
            ])
        #expect(ProblemCause.allCases.map(\.rawValue) == ["provider", "refused", "throttled", "host"])
        #expect(
            ConfiguredReason.allCases.map(\.rawValue) == ["not_linked", "revoked", "disabled", "hidden_by_policy"])
        #expect(ReadingMode.allCases.map(\.rawValue) == ["cached", "prefer_fresh", "force"])
    }
}

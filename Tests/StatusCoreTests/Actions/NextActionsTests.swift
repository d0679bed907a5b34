import StatusCore
import StatusModel
import Testing

@Suite("Recommended repairs")
struct NextActionsTests {
    @Test(
        "each problem leads to the action that repairs it, or to none",
        arguments: [
            (.github, .oauthRevoked, .refused, "reconnect"), (.github, .missingScope, .refused, "reconnect"),
            (.github, .notFound, .refused, "connect"), (.vercel, .oauthRevoked, .refused, "connect"),
            (.vercel, .notFound, .refused, "link"), (.vercel, .misconfigured, .refused, "link"),
            (.github, .misconfigured, .host, ""), (.github, .rateLimited, .throttled, ""),
            (.github, .network, .host, ""), (.github, .tls, .host, ""), (.github, .timeout, .provider, ""),
            (.supabase, .providerOutage, .provider, ""),
        ] as [(ProviderKey, ProblemCode, ProblemCause, String)])
    func repair(provider: ProviderKey, code: ProblemCode, cause: ProblemCause, action: String) {
        let key = ItemKey.provider(provider)
        let failure = Samples.failure(code, cause: cause, cause == .refused ? .replaces : .keepsLast)
        let snapshot = Samples.project([key]).applied(failure: failure, for: key, at: Samples.start)
        #expect(
            Samples.render(snapshot).envelope.nextActions
                == [NextAction(key: key, action: action, reason: "Look at octo-org.")])
    }

    @Test("errors come before warnings, and equals in the order of the items")
    func urgency() {
        let keys = ProviderKey.allCases.map { ItemKey.provider($0) }
        let snapshot = Samples.project(keys)
            .applied(reading: Samples.reading(), for: keys[0], at: Samples.start)
            .applied(failure: Samples.failure(), for: keys[0], at: Samples.start)
            .applied(failure: Samples.throttled, for: keys[1], at: Samples.start)
            .applied(failure: Samples.revoked, for: keys[2], at: Samples.start)
            .applied(failure: Samples.revoked, for: keys[3], at: Samples.start)
        let recommended = Samples.render(snapshot).envelope.nextActions.map(\.key)
        #expect(recommended == [keys[2], keys[3], keys[1], keys[0]])
    }

    @Test("a repair that the role may not perform is not recommended to it", arguments: [Role.editor, .viewer])
    func onlyWhatTheRoleMay(role: Role) {
        let snapshot = Samples.project([Samples.github, Samples.vercel])
            .applied(failure: Samples.revoked, for: Samples.github, at: Samples.start)
            .applied(failure: Samples.throttled, for: Samples.vercel, at: Samples.start)
        let recommended = Samples.render(snapshot, role: role).envelope.nextActions
        #expect(recommended.map(\.key) == [Samples.vercel])
        #expect(recommended.map(\.action) == [""])
    }

    @Test("where nothing is wrong nothing is recommended")
    func nothing() {
        let snapshot = Samples.project().applied(reading: Samples.reading(), for: Samples.github, at: Samples.start)
        #expect(Samples.render(snapshot).envelope.nextActions.isEmpty)
        #expect(Samples.render(Samples.project([])).envelope.nextActions.isEmpty)
    }
}

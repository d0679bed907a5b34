import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Status page: what it explains")
struct StatusPageExplanationTests {
    private static let page = "https://www.githubstatus.com"
    private static let incident = StatusPageTrouble(severity: .major, subject: .incident("Slow API"))

    private static func failure(
        _ code: ProblemCode, _ cause: ProblemCause = .provider, heldUntil: UnixTime? = nil
    ) -> ProviderFailure {
        ProviderFailure(
            code: code, cause: cause, hint: "GitHub did not answer in time; wait.", disposition: .keepsLast,
            retryAfter: UnixTime(seconds: 1_800_000_000), heldUntil: heldUntil, isRetryable: true)
    }

    private func explained(_ failure: ProviderFailure, by trouble: StatusPageTrouble = incident) -> ProviderFailure {
        failure.explained(by: trouble, provider: "GitHub", page: Self.page)
    }

    @Test("a failure without a name of its own becomes an outage, and only its code and hint change")
    func outage() {
        var expected = Self.failure(.unknown)
        expected.code = .providerOutage
        expected.hint =
            "GitHub reports a major incident, “Slow API” (https://www.githubstatus.com); wait until it is over."
        #expect(explained(Self.failure(.unknown)) == expected)
    }

    @Test("a failure with a name keeps it and its advice", arguments: [ProblemCode.timeout, .network])
    func named(code: ProblemCode) {
        var expected = Self.failure(code)
        expected.hint =
            "GitHub did not answer in time; wait; GitHub reports a major incident, “Slow API” "
            + "(https://www.githubstatus.com)."
        #expect(explained(Self.failure(code)) == expected)
    }

    @Test(
        "what is not the provider's fault, has its own name or was not asked stays as it is",
        arguments: [
            failure(.unknown, .host), failure(.network, .host), failure(.timeout, .host),
            failure(.oauthRevoked, .refused), failure(.notFound, .refused), failure(.rateLimited, .throttled),
            failure(.tls), failure(.providerOutage), failure(.sleeping), failure(.misconfigured, .refused),
            failure(.unknown, heldUntil: UnixTime(seconds: 1_800_000_001)),
        ])
    func untouched(failure: ProviderFailure) {
        #expect(!failure.isExplicable)
        #expect(explained(failure) == failure)
    }

    @Test(
        "the hint says what the page says, in words",
        arguments: [
            (StatusPageTrouble(severity: .minor, subject: .incident("A")), "a minor incident, “A”"),
            (StatusPageTrouble(severity: .critical, subject: .incident("")), "a critical incident"),
            (StatusPageTrouble(severity: .maintenance, subject: .maintenance("B")), "maintenance, “B”"),
            (StatusPageTrouble(severity: .critical, subject: .component("C")), "trouble with “C”"),
            (StatusPageTrouble(severity: .maintenance, subject: .component("D")), "maintenance of “D”"),
            (StatusPageTrouble(severity: .major, subject: .everything), "trouble"),
        ])
    func words(trouble: StatusPageTrouble, words: String) {
        let hint = explained(Self.failure(.unknown), by: trouble).hint
        #expect(hint == "GitHub reports \(words) (https://www.githubstatus.com); wait until it is over.")
    }
}

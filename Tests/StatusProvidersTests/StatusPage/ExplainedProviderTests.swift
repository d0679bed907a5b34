import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("A provider with its status page behind it", .timeLimit(.minutes(1)))
struct ExplainedProviderTests {
    private static let link = Link(target: .github(GitHubTarget(owner: "octo", repository: "hello")))
    private static let reading = Reading(
        key: .provider(.github), observedAt: Moment(instant: .now, wall: UnixTime(seconds: 1_800_000_000)),
        status: StatusTimeline(.connected), summary: Summary([.text("Linked to main")]))

    private let time = ManualTime()
    private let transport = ScriptedTransport([
        "/api/v2/summary.json": [
            .answer(
                HTTPResponse(
                    200,
                    text: """
                        {"status": {"indicator": "none"}, "components": [],
                         "incidents": [{"name": "Slow API", "status": "identified", "impact": "major",
                                        "components": [{"name": "API Requests", "status": "operational"}]}]}
                        """))
        ]
    ])

    private func read(_ inner: ManualProvider) async throws(ProviderFailure) -> Reading {
        let pages = StatusPages(
            sources: [.github: StatusPageSource(.github)], transport: transport, clock: TestCacheClock(time: time))
        return try await read(inner, pages)
    }

    private func read(_ inner: ManualProvider, _ pages: StatusPages) async throws(ProviderFailure) -> Reading {
        guard let project = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        let request = ReadRequest(
            project: project, link: Self.link, secret: nil, previous: nil, now: time.now,
            deadline: time.now.instant.advanced(by: .milliseconds(2500)))
        return try await ExplainedProvider(inner, by: pages, time: time).read(request)
    }

    private func failure(_ inner: ManualProvider, _ pages: StatusPages? = nil) async -> ProviderFailure? {
        do throws(ProviderFailure) {
            _ = if let pages { try await read(inner, pages) } else { try await read(inner) }
            return nil
        } catch {
            return error
        }
    }

    private static func failure(_ code: ProblemCode, isRetryable: Bool = false) -> ProviderFailure {
        ProviderFailure(
            code: code, cause: .provider, hint: "It failed.", disposition: .keepsLast, isRetryable: isRetryable)
    }

    @Test("a reading passes as it is, and no page is asked for, however red it is")
    func healthy() async throws {
        #expect(try await read(ManualProvider { _ in .success(Self.reading) }) == Self.reading)
        #expect(transport.requests.isEmpty)
    }

    @Test("a failure that came fast is explained within the time of its read")
    func fast() async {
        let failure = await failure(ManualProvider { _ in .failure(Self.failure(.unknown)) })
        #expect(failure?.code == .providerOutage)
        #expect(failure?.hint.contains("“Slow API”") == true)
    }

    @Test("a failure for which there is another attempt does not wait for the page, and is explained once it is known")
    func retryable() async {
        let pages = StatusPages(
            sources: [.github: StatusPageSource(.github)], transport: transport, clock: TestCacheClock(time: time))
        let inner = ManualProvider { _ in .failure(Self.failure(.unknown, isRetryable: true)) }
        #expect(await failure(inner, pages)?.code == .unknown)
        #expect(transport.requests.isEmpty)
        inner.follow { _ in .failure(Self.failure(.unknown)) }
        #expect(await failure(inner, pages)?.code == .providerOutage)
        inner.follow { _ in .failure(Self.failure(.unknown, isRetryable: true)) }
        let known = await failure(inner, pages)
        #expect(known?.code == .providerOutage && known?.isRetryable == true)
        #expect(transport.requests.count == 1)
    }

    @Test("a failure that took all of the time does not wait for the page")
    func late() async {
        let inner = ManualProvider { _ in
            time.advance(by: .milliseconds(2450))
            return .failure(Self.failure(.timeout))
        }
        #expect(await failure(inner)?.hint == "It failed.")
        #expect(transport.requests.isEmpty)
    }

    @Test("the provider itself must be done a moment earlier, so that its silence can be explained")
    func moment() async throws {
        let inner = ManualProvider { _ in .success(Self.reading) }
        _ = try await read(inner)
        let request = try #require(inner.requests.first)
        #expect(request.now.instant.duration(to: request.deadline) == .milliseconds(2450))
    }
}

import HTTPClient
import StaleCache
import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("Status page: when it is asked", .timeLimit(.minutes(1)))
struct StatusPagesTests {
    private static let path = "/api/v2/summary.json"
    private static let red = HTTPResponse(
        200,
        text: """
            {"status": {"indicator": "none"}, "components": [{"name": "API Requests", "status": "major_outage"}]}
            """)
    private static let green = HTTPResponse(200, text: #"{"status": {"indicator": "none"}, "components": []}"#)
    private static let failure = ProviderFailure(
        code: .unknown, cause: .provider, hint: "GitHub failed.", disposition: .keepsLast)
    private static let link = Link(target: .github(GitHubTarget(owner: "octo", repository: "hello")))

    private let time = ManualTime()

    private func pages(
        _ transport: any HTTPTransport,
        _ sources: [ProviderKey: StatusPageSource] = [.github: StatusPageSource(.github)]
    ) -> StatusPages {
        StatusPages(sources: sources, transport: transport, clock: TestCacheClock(time: time))
    }

    private func isExplained(
        by pages: StatusPages, _ failure: ProviderFailure = failure, of link: Link = link,
        within wait: Duration = StatusPages.timeout
    ) async -> Bool {
        await pages.explain(failure, of: link, within: wait).code == .providerOutage
    }

    @Test("a failure is explained by the page, which is asked for once in five minutes")
    func interval() async throws {
        let transport = ScriptedTransport([Self.path: [.answer(Self.red)]])
        let pages = pages(transport)
        for _ in 0..<3 { #expect(await isExplained(by: pages)) }
        time.advance(by: .seconds(299))
        #expect(await isExplained(by: pages))
        #expect(transport.requests.count == 1)
        transport.script(Self.path, .answer(Self.green))
        time.advance(by: .seconds(1))
        #expect(await !isExplained(by: pages))
        #expect(transport.requests.count == 2)
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://www.githubstatus.com/api/v2/summary.json")
        #expect(request.totalTimeout == .seconds(1))
        #expect(request.bodyBytesMax == 1 << 20)
        #expect(request.headers["Authorization"] == nil)
    }

    @Test("a failure that no page could explain asks for none")
    func inexplicable() async {
        let transport = ScriptedTransport([Self.path: [.answer(Self.red)]])
        let pages = pages(transport)
        for cause in [ProblemCause.refused, .throttled, .host] {
            var failure = Self.failure
            failure.cause = cause
            #expect(await pages.explain(failure, of: Self.link, within: .seconds(2)) == failure)
        }
        #expect(transport.requests.isEmpty)
    }

    @Test(
        "a page that fails explains nothing and is left alone as long",
        arguments: [
            .failure(.timeout), .failure(.dns), .answer(HTTPResponse(503)), .answer(HTTPResponse(200, text: "<html>")),
        ] as [ScriptedTransport.Step])
    func silence(step: ScriptedTransport.Step) async {
        let transport = ScriptedTransport([Self.path: [step, .answer(Self.red)]])
        let pages = pages(transport)
        for _ in 0..<3 { #expect(await !isExplained(by: pages)) }
        #expect(transport.requests.count == 1)
        time.advance(by: StatusPages.interval)
        #expect(await isExplained(by: pages))
    }

    @Test("failures that come together ask once")
    func stampede() async {
        let transport = HeldTransport()
        let pages = pages(transport)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { await isExplained(by: pages) } }
            await transport.waitForRequest()
            transport.release(Self.red)
            #expect(await group.reduce(into: 0) { $0 += $1 ? 1 : 0 } == 50)
        }
        #expect(transport.count == 1)
    }

    @Test("where no time is left, the page is fetched behind and explains the next failure")
    func behind() async {
        let transport = HeldTransport()
        let pages = pages(transport)
        await withTaskGroup { group in
            group.addTask { await pages.run() }
            #expect(await !isExplained(by: pages, within: .zero))
            await transport.waitForRequest()
            // Whoever has time joins the fetch that runs.
            async let next = isExplained(by: pages)
            transport.release(Self.red)
            #expect(await next)
            #expect(await isExplained(by: pages, within: .zero))
            group.cancelAll()
        }
        #expect(transport.count == 1)
    }

    @Test("past its interval the last word of the page serves until the new one is there")
    func stale() async {
        let transport = ScriptedTransport([Self.path: [.answer(Self.red), .answer(Self.green)]])
        let pages = pages(transport)
        #expect(await isExplained(by: pages))
        time.advance(by: StatusPages.interval)
        #expect(await isExplained(by: pages, within: .milliseconds(999)))
        #expect(transport.requests.count == 1)
        #expect(await !isExplained(by: pages))
        #expect(transport.requests.count == 2)
    }

    @Test("the end of the daemon ends a fetch that runs behind")
    func end() async {
        let transport = HeldTransport()
        let pages = pages(transport)
        await withTaskGroup { group in
            group.addTask { await pages.run() }
            #expect(await !isExplained(by: pages, within: .zero))
            await transport.waitForRequest()
            group.cancelAll()
        }
        #expect(transport.cancelledCount == 1)
    }

    @Test("a provider's own page says nothing of a server elsewhere, one that somebody named does")
    func coverage() async {
        let transport = ScriptedTransport([Self.path: [.answer(Self.red)]])
        let elsewhere = Link(
            target: .github(GitHubTarget(owner: "o", repository: "r", baseURL: "https://git.example.com/api/v3")))
        #expect(await !isExplained(by: pages(transport), of: elsewhere))
        #expect(transport.requests.isEmpty)
        let named = StatusPageSource(.github, url: "https://status.example.com" + Self.path)
        #expect(await isExplained(by: pages(transport, [.github: named]), of: elsewhere))
        #expect(await isExplained(by: pages(transport, [.github: named])))
    }

    @Test(
        "each provider has a page of its own, and is covered by it at its own address",
        arguments: [
            Link.Target.github(GitHubTarget(owner: "o", repository: "r")), .vercel(VercelTarget(project: "p")),
            .sanity(SanityTarget(projectID: "p")), .supabase(SupabaseTarget(reference: "r")),
        ])
    func sources(target: Link.Target) throws {
        guard case .provider(let provider) = Link(target: target).key else { return }
        let source = StatusPageSource(provider)
        #expect(source.covers(target))
        #expect(source.url == source.page + Self.path)
    }
}

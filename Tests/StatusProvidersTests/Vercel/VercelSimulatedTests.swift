import HTTPClient
import ProviderSimulator
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// The adapter over a real connection to the simulated Vercel.
@Suite("Vercel: against the simulator", .timeLimit(.minutes(1)))
struct VercelSimulatedTests {
    private let simulator = Simulator()
    private let server: SimulatorServer
    private let client = CurlHTTPClient()

    init() throws {
        try simulator.loadExample()
        server = try SimulatorServer(simulator: simulator)
    }

    private func read(token: String = "sim-vercel-token", team: String? = nil) async -> Result<Reading, ProviderFailure>
    {
        guard let project = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        let now = Moment(instant: .now, wall: Simulator.systemClock())
        let target = VercelTarget(project: "shop", teamID: team, baseURL: server.url + "/vercel")
        do throws(ProviderFailure) {
            return .success(
                try await VercelProvider(transport: client, digest: GitHubScene.digest).read(
                    ReadRequest(
                        project: project, link: Link(target: .vercel(target)), secret: Secret(token), previous: nil,
                        now: now, deadline: now.instant.advanced(by: .seconds(10)))))
        } catch {
            return .failure(error)
        }
    }

    private func code(_ result: Result<Reading, ProviderFailure>) -> ProblemCode? {
        if case .failure(let failure) = result { failure.code } else { nil }
    }

    @Test("the example is a warning: production failing, an earlier one live, and a preview that is fine")
    func example() async throws {
        let reading = try await read().get()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(
            reading.summary.parts == [
                .text("3 deployments this week"), .text("Production failing"), .text("Earlier one live"),
            ])
        #expect(reading.environments.map(\.name) == ["production", "preview"])
        #expect(reading.budget?.limit == 500)
        #expect(simulator.requests.total == 3)
        await client.shutdown()
    }

    @Test("what goes wrong is told apart, over the wire")
    func failures() async throws {
        #expect(code(await read(token: "unknown")) == .oauthRevoked)
        #expect(code(await read(team: "team_other")) == .notFound)
        try simulator.vercel.setToken("limited", VercelTokenPatch(limited: true))
        #expect(code(await read(token: "limited")) == .missingScope)
        try simulator.vercel.setToken("scoped", VercelTokenPatch(scope: "team_b"))
        #expect(code(await read(token: "scoped")) == .missingScope)
        try simulator.vercel.reachLimit(VercelLimitOrder(forSeconds: 120, retryAfter: false))
        #expect(code(await read()) == .rateLimited)
        await client.shutdown()
    }
}

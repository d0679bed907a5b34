import HTTPClient
import ProviderSimulator
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// The actions over a real connection to the simulated GitHub.
@Suite("GitHub: actions against the simulator", .timeLimit(.minutes(1)))
struct GitHubSimulatedActionTests {
    private let simulator = Simulator()
    private let server: SimulatorServer
    private let client = CurlHTTPClient()

    init() throws {
        try simulator.loadExample()
        server = try SimulatorServer(simulator: simulator)
    }

    private func perform(
        _ action: IntegrationAction, _ payload: String = "", token: String = "sim-token"
    ) async -> Result<ActionStep, ActionFailure> {
        let target = GitHubTarget(owner: "acme", repository: "shop", baseURL: server.url)
        return await ActionScene(action, .github(target), payload: payload, secret: token)
            .perform(GitHubActions(transport: client, digest: GitHubScene.digest))
    }

    @Test("what is ordered happens there, once")
    func orders() async throws {
        #expect(await perform(.push, #"{"client_payload":{"a":[1,2]}}"#).done != nil)
        #expect(await perform(.push, #"{"workflow":"deploy.yml"}"#).done != nil)
        #expect(await perform(.push, #"{"workflow":"none.yml"}"#).failure?.reason == "REQUEST_REJECTED")
        #expect(await perform(.sync).failure?.reason == "REQUEST_REJECTED")
        try simulator.github.setRepository("acme/shop", GitHubRepositoryPatch(fork: true, behind: 2))
        #expect(await perform(.sync).done?.words.full == "Fast-forwarded from upstream")
        #expect(await perform(.sync).done?.words.full == "Already up to date with upstream")
        try simulator.github.setRepository("acme/shop", GitHubRepositoryPatch(behind: 2, conflict: true))
        #expect(await perform(.sync).failure?.reason == "MERGE_CONFLICT")
        #expect(simulator.requests.count(method: "POST", pathPrefix: "/repos/acme/shop/dispatches") == 1)
        #expect(simulator.requests.count(method: "POST", pathPrefix: "/repos/acme/shop/merge-upstream") == 4)
        await client.shutdown()
    }

    @Test(
        "an answer that got lost on its way is an unknown outcome, and is not asked for again",
        arguments: [Fault.Kind.reset(), .truncated, .garbage, .html(status: 502), .html(status: 200)])
    func lost(kind: Fault.Kind) async throws {
        try simulator.inject(Fault(kind, provider: .github, pathPrefix: "/repos/acme/shop/merge-upstream"))
        try simulator.github.setRepository("acme/shop", GitHubRepositoryPatch(fork: true, behind: 2))
        let outcome = await perform(.sync, #"{"branch":"main"}"#)
        #expect(outcome.failure?.isOutcomeUnknown == true)
        #expect(simulator.requests.mutations == 1)
        await client.shutdown()
    }

    @Test("a connection that is refused, and a refusal of GitHub's own, are failures; trouble of its own is not")
    func refused() async throws {
        try simulator.inject(Fault(.status(500), provider: .github))
        #expect(await perform(.push).failure?.isOutcomeUnknown == true)
        simulator.clearFaults()
        #expect(await perform(.push, token: "none").failure?.code == .unauthenticated)
        server.stop()
        let unsent = await perform(.push).failure
        #expect(unsent?.code == .unavailable)
        #expect(unsent?.isOutcomeUnknown == false)
        await client.shutdown()
    }
}

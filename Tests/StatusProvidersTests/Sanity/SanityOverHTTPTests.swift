import HTTPClient
import ProviderSimulator
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// The adapter and the simulated Sanity agree on what stands on the wire.
@Suite("Sanity: over HTTP, against the simulator", .timeLimit(.minutes(1)))
struct SanityOverHTTPTests {
    private let simulator: Simulator
    private let server: SimulatorServer
    private let client = CurlHTTPClient()

    init() throws {
        simulator = Simulator(clock: { SanityScene.wall })
        try simulator.loadExample()
        server = try SimulatorServer(simulator: simulator)
    }

    private func scene(token: String) -> SanityScene {
        let base = "http://127.0.0.1:\(server.port)/sanity"
        var scene = SanityScene()
        scene.target = SanityTarget(projectID: "simsanity", managementURL: base, dataURL: base)
        scene.secret = Secret(token)
        scene.timeLimit = .seconds(10)
        return scene
    }

    private func code(token: String) async -> ProblemCode? {
        do throws(ProviderFailure) {
            _ = try await scene(token: token).read(through: client)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("the example is connected, and its hook's trouble is seen")
    func example() async throws {
        let first = try await scene(token: "sim-sanity-token").read(through: client)
        #expect(first.status.status(at: SanityScene.wall) == .connected)
        #expect(first.label?.full == "Acme site")
        #expect(first.summary.parts.first == .text("5 docs updated today"))
        try simulator.sanity.deliver(SanityMessageOrder("failure"), by: "live-sync", of: "simsanity")
        let scene = scene(token: "sim-sanity-token").later(.seconds(300))
        var second = try await scene.read(previous: first, through: client)
        // Where this machine is slow, the deliveries come with the read after.
        if second.isPartial { second = try await scene.read(previous: second, through: client) }
        #expect(second.summary.parts.last == .text("Webhook failing"))
    }

    @Test("every refusal is understood as what it is")
    func refusals() async throws {
        try simulator.sanity.setToken("sk-old", SanityTokenPatch(project: "simsanity", expiresIn: -1))
        try simulator.sanity.setToken("sk-viewer", SanityTokenPatch(project: "simsanity", webhooks: false))
        try simulator.sanity.setToken("sk-other", SanityTokenPatch(project: "other"))
        #expect(await code(token: "sk-none") == .oauthRevoked)
        #expect(await code(token: "sk-old") == .oauthRevoked)
        #expect(await code(token: "sk-other") == .misconfigured)
        let viewer = try await scene(token: "sk-viewer").read(through: client)
        #expect(viewer.problem?.code == .missingScope)
        try simulator.sanity.reachLimit()
        #expect(await code(token: "sim-sanity-token") == .rateLimited)
    }
}

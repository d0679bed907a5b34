import ProviderSimulator
import StatusCore
import StatusEngine
import StatusModel
import StatusProviders
import TestSupport
import Testing

/// Adapters of several probes over a simulator in which one of them hangs, on a hand-driven clock.
@Suite("A provider that is half alive", .timeLimit(.minutes(1)))
struct HalfAliveTests {
    private struct Tokens: CredentialSource {
        func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
            if case .environment(let token) = reference { Secret(token) } else { Secret("") }
        }

        func version(of reference: CredentialReference) async -> CredentialVersion? { nil }
    }

    private static let sanity = Link(
        target: .sanity(
            SanityTarget(
                projectID: "simsanity", managementURL: "http://simulator/sanity", dataURL: "http://simulator/sanity")),
        credential: .environment(name: "sim-sanity-token"))
    private static let vercel = Link(
        target: .vercel(VercelTarget(project: "shop", baseURL: "http://simulator/vercel")),
        credential: .environment(name: "sim-vercel-token"))

    @Test(
        "one probe that hangs does not take along what the others answered",
        arguments: [(sanity, "/sanity/v2025-08-04/hooks", ConnectionState.warning), (vercel, "/vercel/v2", .warning)])
    func hang(link: Link, path: String, expected: ConnectionState) async throws {
        let time = ManualTime()
        let simulator = Simulator(clock: { time.now.wall })
        try simulator.loadExample()
        try simulator.inject(Fault(.hang, pathPrefix: path))
        let transport = SimulatedTransport(simulator: simulator, time: time)
        let digest: DigestFunction = { String($0.count) }
        var providers = ProviderSet(all: SanityProvider(transport: transport, digest: digest))
        providers.vercel = VercelProvider(transport: transport, digest: digest)
        var shop = project("shop", [])
        shop.links[link.key] = link
        let rig = EngineRig(credentials: Tokens(), time: time, providers: providers)
        try await rig.run([shop]) { rig in
            rig.engine.watchOpened(nil)
            await eventually { simulator.requests.total >= 3 }
            // The probes end a little before the read does; in steps, so that what answered is heard before. A step may come
            // before the deadline that it is to reach was set, so there are as many as it takes.
            await eventually {
                await settled { true }
                time.advance(by: .milliseconds(100))
                return rig.item(link.key)?.freshness == .fresh
            }
            #expect(rig.item(link.key)?.status == expected)
            #expect(rig.item(link.key)?.problem?.code != .timeout || link.key == .provider(.sanity))
        }
    }
}

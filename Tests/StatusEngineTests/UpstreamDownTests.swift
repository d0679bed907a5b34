import HTTPClient
import Locks
import ProviderSimulator
import Resilience
import StatusCore
import StatusEngine
import StatusModel
import StatusProviders
import Synchronization
import TestSupport
import Testing

/// The engine, GitHub's adapter and the guard over a simulated GitHub that is down for good, on a hand-driven clock.
@Suite("An upstream that is down for good", .timeLimit(.minutes(1)))
struct UpstreamDownTests {
    private let time = ManualTime()
    private let simulator: Simulator
    private let openings: Openings
    /// What the adapters send, and what of it the guard lets through.
    private let requests: CountedTransport
    private let passed: CountedTransport
    private let rig: EngineRig

    /// When the breaker opened, and how it stood after each change.
    private final class Openings: Sendable {
        private let noted = Lock<[(at: ContinuousClock.Instant, state: CircuitBreaker.State)]>([])

        func note(_ state: CircuitBreaker.State, at instant: ContinuousClock.Instant) {
            noted.withLock { $0.append((instant, state)) }
        }

        var all: [ContinuousClock.Instant] {
            noted.withLock { $0.compactMap { if case .open = $0.state { $0.at } else { nil } } }
        }

        var last: CircuitBreaker.State? { noted.withLock { $0.last?.state } }
    }

    init() throws {
        let (time, openings) = (time, Openings())
        self.openings = openings
        simulator = Simulator(clock: { time.now.wall })
        try simulator.loadExample()
        passed = CountedTransport(SimulatedTransport(simulator: simulator, time: time))
        requests = CountedTransport(
            GuardedTransport(passed, time: time, generator: SeededGenerator(seed: 7)) {
                openings.note($0.to, at: time.now.instant)
            })
        let digest: DigestFunction = { String($0.count) }
        var providers = ProviderSet(all: GitHubProvider(transport: requests, digest: digest))
        providers.vercel = VercelProvider(transport: requests, digest: digest)
        rig = EngineRig(credentials: SimulatorToken(), time: time, providers: providers) {
            $0.refresh.providerTimeToLive = .seconds(30)
        }
    }

    private struct SimulatorToken: CredentialSource {
        func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
            if case .environment(let token) = reference { Secret(token) } else { Secret("") }
        }

        func version(of reference: CredentialReference) async -> CredentialVersion? { CredentialVersion("1") }
    }

    private static let shop: ProjectDefinition = {
        var shop = project("shop")
        shop.links[EngineRig.github] = Link(
            target: .github(GitHubTarget(owner: "acme", repository: "shop", baseURL: "http://simulator")),
            credential: .environment(name: "sim-token"))
        return shop
    }()

    private static let onVercel: ProjectDefinition = {
        var shop = project("shop", [])
        shop.links[EngineRig.vercel] = Link(
            target: .vercel(VercelTarget(project: "shop", baseURL: "http://simulator/vercel")),
            credential: .environment(name: "sim-vercel-token"))
        return shop
    }()

    @Test(
        "at one try per 30 s the breaker opens within 3 minutes, and 10 minutes stay within the retry budget",
        arguments: [Fault.Kind.status(503), .status(500), .hang])
    func behaviour26_anUpstreamThatIsDownIsAskedSeldom(kind: Fault.Kind) async throws {
        try await rig.run([Self.shop]) { rig in
            rig.engine.watchOpened(nil)
            await eventually { rig.item()?.status == .connected }
            try simulator.inject(Fault(kind))
            simulator.resetRequests()
            let start = time.now.instant
            await advance(by: .seconds(180))
            let opened = try #require(openings.all.first)
            #expect(start.duration(to: opened) <= .seconds(180))
            await advance(by: .seconds(420))

            // One first try in 30 s, a fifth of them again, and three.
            let firstTries = 600 / 30
            #expect(simulator.requests.total <= firstTries * 12 / 10 + 3)
            #expect(openings.all.count > 1)
            let item = try #require(rig.item())
            #expect(item.status == .connected && item.stale)
            #expect(item.problem?.cause == .provider)
            #expect(item.problem?.code == (kind == .hang ? .timeout : .unknown))
            #expect(try #require(item.problem?.nextAttemptAt) > time.now.wall)
        }
    }

    @Test("what a breaker held back is asked again by itself once the upstream is well")
    func recovery() async throws {
        try await rig.run([Self.shop]) { rig in
            // Before anything is read, or the first read may be faster.
            try simulator.inject(Fault(.status(500)))
            rig.engine.watchOpened(nil)
            await advance(by: .seconds(200))
            #expect(!openings.all.isEmpty)
            #expect(rig.item()?.status == .error)
            simulator.clearFaults()
            // Twice the longest that the second opening may last.
            await advance(by: .seconds(150))
            #expect(rig.item()?.status == .connected)
            #expect(rig.item()?.problem == nil)
        }
    }

    @Test(
        "a provider that is read with several requests at once is well again with its first probe, however late that runs",
        arguments: [0, 10_000])
    func recoveryOfSeveral(turns: Int) async throws {
        try await rig.run([Self.onVercel]) { rig in
            rig.engine.watchOpened(nil)
            await eventually { rig.item(EngineRig.vercel)?.status == .warning }
            try simulator.inject(Fault(.status(500)))
            await advance(by: .seconds(100))
            guard case .open(let until, _, _)? = openings.last else {
                Issue.record("it never opened")
                return
            }
            simulator.clearFaults()
            simulator.resetRequests()
            passed.giveWay(times: turns)
            // The next read may be planned for a whole time to live after that.
            await advance(by: time.now.instant.duration(to: until) + .seconds(33))
            #expect(rig.item(EngineRig.vercel)?.problem == nil)
            #expect(simulator.requests.total % 2 == 0, "a read of two requests was held in part")
        }
    }

    /// Moves the clock in steps, and lets everybody act until all of them sleep, however long the host takes for that.
    private func advance(by duration: Duration) async {
        let step = Duration.milliseconds(250)
        var left = duration
        while left > .zero {
            time.advance(by: min(step, left))
            left -= step
            repeat { await settled { await isAsleep } } while await !isAsleep
        }
    }

    /// Whether nobody acts before the clock moves: the engine sleeps until something is due, and each read until its deadline
    /// and until its next attempt or the end of its requests. A request that waits for another's probe sleeps as well, while it
    /// may go on; so as long as the guard has some that it has not let through, somebody acts.
    private var isAsleep: Bool {
        get async {
            let load = await rig.engine.load
            let isDue = load.nextDueAt.map { $0 <= time.now.instant } ?? false
            let alarms = (load.nextDueAt == nil ? 0 : 1) + (load.isMindingStore ? 1 : 0)
            let sleepers = load.readsRunning + max(load.readsRunning, requests.underWay)
            return !isDue && requests.underWay == passed.underWay && time.sleeperCount >= alarms + sleepers
        }
    }
}

import ProviderSimulator
import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

/// Deployments from their order to their end, against the simulated Vercel on a hand-driven clock.
@Suite("Vercel: deployments that are ordered and followed")
struct VercelSimulatedActionTests {
    private let time = ManualTime()
    private let simulator: Simulator
    private var executor: VercelActions { VercelActions(transport: PlayedTransport(simulator: simulator)) }
    private static let target = VercelTarget(project: "shop", baseURL: "http://127.0.0.1/vercel")

    init() throws {
        simulator = Simulator(clock: { [time] in time.now.wall })
        try simulator.loadExample()
    }

    private func scene(_ action: IntegrationAction, _ payload: String = "") -> ActionScene {
        ActionScene(
            action, .vercel(Self.target), payload: payload, secret: "sim-vercel-token", now: time.now)
    }

    private func read(previous: Reading? = nil) async throws -> Reading {
        let scene = scene(.deployProduction)
        let link = try #require(scene.call.link)
        return try await VercelProvider(
            transport: PlayedTransport(simulator: simulator), digest: GitHubScene.digest
        ).read(
            ReadRequest(
                project: scene.call.item.project, link: link, secret: scene.call.secret, previous: previous,
                now: time.now, deadline: scene.call.deadline))
    }

    @Test("a deployment to production goes live, and the read that follows has nothing more to tell of it")
    func goesLive() async throws {
        try simulator.vercel.setBuilds("shop", VercelBuildsPatch(duration: 8000, liveAfter: 5000))
        var outcome = await scene(.deployProduction).perform(executor)
        let handle = try #require(outcome.handle)
        var words: [String] = []
        var told: [Milestone] = []
        while case .success(.working(_, let progress, let milestones, let pause)) = outcome {
            if words.last != progress.full { words.append(progress.full) }
            for milestone in milestones where told.allSatisfy({ milestone.isNews(after: $0) }) {
                told.append(milestone)
            }
            time.advance(by: pause)
            outcome = await scene(.deployProduction).follow(handle, executor)
        }
        #expect(words == ["Queued", "Building", "Built, going live"])
        let result = try #require(outcome.done)
        #expect(result.words.full == "Live")
        told += result.milestones.filter { milestone in told.allSatisfy { milestone.isNews(after: $0) } }
        #expect(told.map(\.kind) == [EventKind.deployStarted, EventKind.deployFinished])

        let reading = try await read()
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.environments.first?.summary.parts.first == .text("Live"))
        #expect(reading.milestones.count == 2)
        #expect(reading.milestones.allSatisfy { milestone in told.contains { !milestone.isNews(after: $0) } })
        #expect(simulator.requests.mutations == 1)
    }

    @Test("a build that fails is told with its reason, and the project says so")
    func fails() async throws {
        try simulator.vercel.setBuilds("shop", VercelBuildsPatch(next: "ERROR"))
        let handle = try #require(await scene(.deployProduction, #"{"ref":"main"}"#).perform(executor).handle)
        time.advance(by: .seconds(2))
        guard
            case .success(.failed(let failure, let milestones)) = await scene(.deployProduction).follow(
                handle, executor)
        else {
            Issue.record("it has not failed")
            return
        }
        #expect(failure.message.full.contains("BUILD_FAILED"))
        #expect(milestones.map(\.kind) == [EventKind.deployStarted, EventKind.deployFinished])
        let reading = try await read()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.milestones.allSatisfy { milestone in milestones.contains { !milestone.isNews(after: $0) } })
    }

    @Test("an order whose answer got lost was carried out, and can be found by what it noted")
    func lost() async throws {
        try simulator.inject(Fault(.reset(), provider: .vercel, pathPrefix: "/vercel/v13/", count: 1))
        let outcome = await scene(.deployProduction).perform(executor)
        #expect(outcome.failure?.isOutcomeUnknown == true)
        #expect(outcome.tells(ActionScene.operationID))
        let list = simulator.play(
            SimulatedRequest(
                method: "GET", target: "/vercel/v7/deployments?projectId=shop",
                headers: ["authorization": "Bearer sim-vercel-token"]))
        let text = String(decoding: try #require(list.answer).body, as: UTF8.self)
        #expect(text.contains(ActionScene.operationID))
        #expect(simulator.requests.count(method: "POST", pathPrefix: "/vercel/v13/deployments") == 1)
    }

    @Test("the plan's quota, the token and the repository are refused as Vercel refuses them")
    func refusals() async throws {
        try simulator.vercel.setBuilds("shop", VercelBuildsPatch(quota: 0))
        let quota = await scene(.deployPreview, #"{"ref":"main"}"#).perform(executor).failure
        #expect(quota?.reason == "QUOTA_EXHAUSTED")
        #expect(quota?.retryAfter == time.now.wall.advanced(by: .seconds(86_400)))
        try simulator.vercel.setProject("shop", VercelProjectPatch(hasApp: false))
        let link = scene(.link, #"{"repo":"acme/other"}"#)
        #expect(await link.perform(executor).failure?.reason == "APP_NOT_INSTALLED")
        try simulator.vercel.setProject("shop", VercelProjectPatch(hasApp: true))
        #expect(await link.perform(executor).done?.words.full == "Linked to acme/other")
        try simulator.vercel.setToken("sim-vercel-token", VercelTokenPatch(revoked: true))
        #expect(await link.perform(executor).failure?.code == .unauthenticated)
    }
}

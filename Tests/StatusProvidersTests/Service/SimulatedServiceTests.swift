import HTTPClient
import ProviderSimulator
import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

/// The provider over real sockets, against played workers.
@Suite("Services: played workers", .timeLimit(.minutes(1)))
struct SimulatedServiceTests {
    private let simulator = Simulator()
    private let server: SimulatorServer
    private let client = CurlHTTPClient()
    private let time = ManualTime()

    init() throws {
        try simulator.loadExample()
        server = try SimulatorServer(simulator: simulator)
    }

    private func target(_ name: String) -> ServiceTarget {
        ServiceTarget(name: name, url: "\(server.url)/services/\(name)/health", isLocalAllowed: true)
    }

    private func read(_ target: ServiceTarget, pauses: Int = 0, secret: String? = nil) async throws -> Reading {
        let provider = ServiceProvider(transport: client, time: time, digest: GitHubScene.digest)
        let project = try #require(ProjectID("shop"))
        var request = ReadRequest(
            project: project, link: Link(target: .service(target)), secret: nil, previous: nil, now: time.now,
            deadline: time.now.instant.advanced(by: .seconds(10)))
        if let secret {
            request.link.namedCredentials = ["Authorization": .environment(name: "X")]
            request.namedSecrets = ["Authorization": .success(Secret("Bearer \(secret)"))]
        }
        async let reading = provider.read(request)
        for _ in 0..<pauses {
            await time.waitForSleepers(1)
            time.advance(by: ServiceCheck.pauseBetween)
        }
        return try await reading
    }

    @Test("the example's worker is well, with what its body must say")
    func worker() async throws {
        defer { server.stop() }
        var target = target("worker")
        target.bodyChecks = [
            ServiceTarget.BodyCheck(pointer: "/status", expected: #""ok""#),
            ServiceTarget.BodyCheck(pointer: "/checks/0/ok", expected: "true"),
        ]
        target.expectedHeaders = ["cache-control": "no-store"]
        let reading = try await read(target)
        #expect(reading.status == StatusTimeline(.connected))
        #expect(simulator.requests.total == 1)
        target.method = "HEAD"
        target.bodyChecks = []
        #expect(try await read(target).status == StatusTimeline(.connected))
    }

    @Test("the example's nightly sleeps: a warning")
    func nightly() async throws {
        defer { server.stop() }
        let reading = try await read(target("nightly"), pauses: 2)
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.problem?.code == .sleeping)
    }

    @Test("a cold worker comes to life on the retry", arguments: [502, 503, 504])
    func cold(status: Int) async throws {
        defer { server.stop() }
        try simulator.services.setWorker("cold", WorkerPatch(.cold, status: status))
        let reading = try await read(target("cold"), pauses: 1)
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.summary.parts.last == .measured("Cold start"))
    }

    @Test("a worker whose first answer comes too late is cold as well")
    func slowStart() async throws {
        defer { server.stop() }
        try simulator.services.setWorker("cold", WorkerPatch(.cold, delay: 60_000))
        var target = target("cold")
        target.warmUpTimeout = .milliseconds(100)
        let reading = try await read(target)
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.summary.parts.last == .measured("Cold start"))
    }

    @Test("a slow worker is a warning")
    func slow() async throws {
        defer { server.stop() }
        try simulator.services.setWorker("slow", WorkerPatch(delay: 60))
        var target = target("slow")
        target.latencyLimit = .milliseconds(30)
        let reading = try await read(target)
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.summary.parts.first == .text("Slow"))
    }

    @Test("a failing, a wrong and a missing worker are told apart")
    func errors() async throws {
        defer { server.stop() }
        try simulator.services.setWorker("failing", WorkerPatch(.failing))
        try simulator.services.setWorker("wrong", WorkerPatch(.wrong))
        #expect(try await read(target("failing")).problem?.code == .unknown)
        var wrong = target("wrong")
        wrong.bodyChecks = [ServiceTarget.BodyCheck(pointer: "/status", expected: #""ok""#)]
        #expect(try await read(wrong).problem?.code == .misconfigured)
        #expect(try await read(target("missing")).summary.parts == [.text("Not found (HTTP 404)")])
    }

    @Test("a protected worker opens to its secret header alone")
    func protected() async throws {
        defer { server.stop() }
        try simulator.services.setWorker("locked", WorkerPatch(.protected, token: "open-sesame"))
        let failure = await #expect(throws: ProviderFailure.self) { _ = try await read(target("locked")) }
        #expect(failure?.code == .misconfigured)
        #expect(failure?.cause == .refused)
        #expect(try await read(target("locked"), secret: "open-sesame").status == StatusTimeline(.connected))
    }

    @Test("a worker on this host is refused unless the link allows it, and gets no request")
    func local() async throws {
        defer { server.stop() }
        var target = target("worker")
        target.isLocalAllowed = false
        let failure = await #expect(throws: ProviderFailure.self) { _ = try await read(target) }
        #expect(failure?.code == .misconfigured)
        #expect(failure?.cause == .host)
        #expect(simulator.requests.total == 0)
    }

    @Test("three redirects are followed, and a fourth is an error of the link", arguments: [3, 4])
    func redirects(count: Int) async throws {
        defer { server.stop() }
        let chain = try ScriptedHTTPServer { request in
            let hop = Int(request.target.dropFirst()) ?? 0
            return hop < count ? .redirect(to: "/\(hop + 1)") : .answer()
        }
        defer { chain.stop() }
        let reading = try await read(ServiceTarget(name: "w", url: chain.url("/0"), isLocalAllowed: true))
        #expect(reading.status == StatusTimeline(count == 3 ? .connected : .error))
        #expect(reading.problem?.code == (count == 3 ? nil : .misconfigured))
    }

    @Test("an answer without an end is cut at its bound")
    func huge() async throws {
        defer { server.stop() }
        try simulator.inject(Fault(.huge(bytes: 1 << 20), provider: .services))
        #expect(try await read(target("worker")).summary.parts == [.text("Answer too long")])
    }
}

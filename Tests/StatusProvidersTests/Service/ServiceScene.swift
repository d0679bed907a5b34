import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import TestSupport

/// One link to the service `worker` and a scripted host, at 2026-01-15T12:00:00Z.
struct ServiceScene: Sendable {
    static let wall = UnixTime(seconds: 1_768_478_400)
    /// A secret that must never turn up anywhere but in the one header.
    static let canary = "svc_CANARY0123456789abcdefCANARY"

    let transport: ScriptedTransport
    let time = ManualTime(wall: Self.wall)
    var target = ServiceTarget(name: "worker", url: "https://worker.example.com/health")
    var secrets: [String: Result<Secret, ProviderFailure>] = [:]

    init(_ script: [String: [ScriptedTransport.Step]]) { transport = ScriptedTransport(script) }

    /// A scene in which the check is answered so, in order.
    init(_ answers: HTTPResponse...) { self.init(["/health": answers.map { .answer($0) }]) }

    func read(previous: Reading? = nil) async throws(ProviderFailure) -> Reading {
        let provider = ServiceProvider(transport: transport, time: time, digest: GitHubScene.digest)
        let names = secrets.keys.map { ($0, CredentialReference.environment(name: "X")) }
        let link = Link(target: .service(target), namedCredentials: Dictionary(uniqueKeysWithValues: names))
        let now = time.now
        return try await provider.read(
            ReadRequest(
                project: Self.project, link: link, secret: nil, namedSecrets: secrets, previous: previous, now: now,
                deadline: now.instant.advanced(by: .milliseconds(2500))))
    }

    /// Reads, and lets the time of each pause pass.
    func readThroughPauses(_ count: Int, previous: Reading? = nil) async throws(ProviderFailure) -> Reading {
        async let reading = outcome(previous: previous)
        for _ in 0..<count {
            await time.waitForSleepers(1)
            time.advance(by: ServiceCheck.pauseBetween)
        }
        return try await reading.get()
    }

    /// The failure of a read that must not succeed; nil when it does.
    func failure(previous: Reading? = nil) async -> ProviderFailure? {
        if case .failure(let failure) = await outcome(previous: previous) { failure } else { nil }
    }

    private func outcome(previous: Reading?) async -> Result<Reading, ProviderFailure> {
        do throws(ProviderFailure) {
            return .success(try await read(previous: previous))
        } catch {
            return .failure(error)
        }
    }

    /// The reading of a service that was well that long ago.
    func wellReading(_ ago: Duration = .seconds(60)) async throws -> Reading {
        var scene = ServiceScene(HTTPResponse(200, latency: .milliseconds(40)))
        scene.target = target
        var reading = try await scene.read()
        reading.memo["well_at"] = String(Self.wall.advanced(by: .zero - ago).nanoseconds)
        return reading
    }

    private static let project: ProjectID = {
        guard let id = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        return id
    }()
}

extension HTTPResponse {
    /// An answer that took so long.
    init(_ status: Int, _ headers: HTTPHeaders = HTTPHeaders(), text: String = "", latency: Duration) {
        self.init(status, headers, text: text)
        self.latency = latency
    }
}

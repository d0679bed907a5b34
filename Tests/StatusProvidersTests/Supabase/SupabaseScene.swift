import HTTPClient
import StatusCore
import StatusModel
import StatusProviders

/// One link to a project and a scripted Supabase, at 2026-01-15T12:00:00Z. All is well unless a test scripts otherwise.
struct SupabaseScene {
    static let wall = UnixTime(seconds: 1_768_478_400)
    static let reference = "abcdefghijklmnopqrst"
    static let projectPath = "/v1/projects/\(reference)"
    static let healthPath = "/v1/projects/\(reference)/health"
    static let authPath = "/auth/v1/health"
    static let tablePath = "/rest/v1/ping"
    static let functionPath = "/rest/v1/rpc/ping"
    /// Credentials that must never turn up anywhere but in the one header.
    static let tokenCanary = "sbp_CANARY0123456789abcdefCANARY"
    static let keyCanary = "sb_secret_CANARY0123456789CANARY"

    let transport: ScriptedTransport
    var target = SupabaseTarget(reference: reference)
    var token: Secret? = Secret(tokenCanary)
    var key: Result<Secret, ProviderFailure>? = .success(Secret(keyCanary))
    var now = Moment(instant: ContinuousClock.now, wall: Self.wall)
    var timeLimit = Duration.milliseconds(2500)

    init(
        project: ScriptedTransport.Step = .answer(Self.project()),
        health: ScriptedTransport.Step = .answer(Self.health()),
        probe: ScriptedTransport.Step = .answer(Self.authHealth())
    ) {
        transport = ScriptedTransport([
            Self.projectPath: [project], Self.healthPath: [health], Self.authPath: [probe], Self.tablePath: [probe],
            Self.functionPath: [probe],
        ])
    }

    /// A scene in which all of the management API gives one answer.
    init(management: ScriptedTransport.Step, probe: ScriptedTransport.Step = .answer(Self.authHealth())) {
        self.init(project: management, health: management, probe: probe)
    }

    func read(previous: Reading? = nil) async throws(ProviderFailure) -> Reading {
        try await read(over: transport, previous: previous)
    }

    /// Reads through another transport than the scripted one.
    func read(over transport: any HTTPTransport, previous: Reading? = nil) async throws(ProviderFailure) -> Reading {
        let link = Link(target: .supabase(target))
        return try await SupabaseProvider(transport: transport, digest: GitHubScene.digest).read(
            ReadRequest(
                project: Self.shop, link: link, secret: token,
                namedSecrets: key.map { [SupabaseTarget.projectKey: $0] } ?? [:], previous: previous, now: now,
                deadline: now.instant.advanced(by: timeLimit)))
    }

    /// The failure of a read that must not succeed; nil when it does.
    func failure(previous: Reading? = nil) async -> ProviderFailure? {
        do throws(ProviderFailure) {
            _ = try await read(previous: previous)
            return nil
        } catch {
            return error
        }
    }

    /// The scene a while later, with the same Supabase.
    func later(_ duration: Duration) -> Self {
        var later = self
        later.now = now.advanced(by: duration)
        return later
    }

    func with(token: Secret?) -> Self {
        var scene = self
        scene.token = token
        return scene
    }

    func with(key: Secret?) -> Self {
        var scene = self
        scene.key = key.map { .success($0) }
        return scene
    }

    func probing(_ probe: SupabaseTarget.Probe) -> Self {
        var scene = self
        scene.target.probe = probe
        return scene
    }

    private static let shop: ProjectID = {
        guard let id = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        return id
    }()
}

/// Answers by the documented schemas.
extension SupabaseScene {
    static let services = ["auth", "db", "pooler", "realtime", "rest", "storage"]
    static let limits: HTTPHeaders = [
        "content-type": "application/json; charset=utf-8", "x-ratelimit-limit": "120", "x-ratelimit-remaining": "119",
        "x-ratelimit-reset": "60",
    ]

    static func project(status: String = "ACTIVE_HEALTHY", name: String = "acme-shop") -> HTTPResponse {
        HTTPResponse(
            200, limits,
            text: """
                {"id": "\(reference)", "ref": "\(reference)", "organization_slug": "acme", "name": "\(name)",
                 "region": "eu-central-1", "created_at": "2025-01-01T00:00:00Z", "status": "\(status)",
                 "database": {"host": "db.\(reference).supabase.co", "version": "17.6.1"}}
                """)
    }

    /// Health with these services not ACTIVE_HEALTHY.
    static func health(_ unwell: [String: String] = [:]) -> HTTPResponse {
        let list = services.map { service in
            let status = unwell[service] ?? "ACTIVE_HEALTHY"
            return #"{"name":"\#(service)","healthy":\#(status == "ACTIVE_HEALTHY"),"status":"\#(status)"}"#
        }
        return HTTPResponse(200, limits, text: "[\(list.joined(separator: ","))]")
    }

    static func authHealth(after latency: Duration = .milliseconds(12)) -> HTTPResponse {
        answer(#"{"version":"v2.196.0","name":"GoTrue","description":"GoTrue is a user API"}"#, after: latency)
    }

    /// What row level security leaves of a table.
    static func noRows(after latency: Duration = .milliseconds(12)) -> HTTPResponse { answer("[]", after: latency) }

    private static func answer(_ text: String, after latency: Duration) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["content-type": "application/json"], body: Array(text.utf8), elapsed: latency,
            latency: latency)
    }

    static let unauthorized = HTTPResponse(401, text: #"{"message":"Unauthorized"}"#)
    static let wrongToken = HTTPResponse(401, text: #"{"message":"JWT could not be decoded"}"#)
    static let noPrivileges = HTTPResponse(
        403, text: #"{"message":"Your account does not have the necessary privileges to access this endpoint."}"#)
    static let notFound = HTTPResponse(404, text: #"{"message":"Project not found"}"#)
    static let throttled = HTTPResponse(
        429, ["x-ratelimit-limit": "120", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "41"],
        text: #"{"message":"ThrottlerException: Too Many Requests"}"#)
    static let invalidKey = HTTPResponse(
        401, text: #"{"message":"Invalid API key","hint":"Double check your Supabase `anon` API key."}"#)
    static let noKey = HTTPResponse(401, text: #"{"message":"No API key found in request"}"#)
    static let paused = HTTPResponse(540, text: #"{"message":"Project paused"}"#)
    static let cloudflare = HTTPResponse(
        522, ["content-type": "text/html"], text: "<!DOCTYPE html><title>Connection timed out</title>")

    static func postgREST(_ status: Int, _ code: String) -> HTTPResponse {
        HTTPResponse(status, text: #"{"code":"\#(code)","message":"…","details":null,"hint":null}"#)
    }
}

import HTTPClient
import StatusCore
import StatusModel
import StatusProviders

/// One link to the project `shop` and a scripted Vercel, at 2025-09-11T14:20:00Z.
struct VercelScene {
    static let wall = UnixTime(seconds: 1_757_600_400)
    /// A token that must never turn up anywhere but in the one header.
    static let canary = "vcp_CANARY0123456789abcdefCANARY"
    static let projectPath = "/v9/projects/shop"
    static let newestPath = "/v7/deployments"
    /// Production's own list has the same path; the scene's transport tells it by its query.
    static let productionsPath = "/v7/deployments/production"
    static let userPath = "/v2/user"

    let script: ScriptedTransport
    var target = VercelTarget(project: "shop", teamID: "team_1")
    var secret: Secret? = Secret(Self.canary)
    var now = Moment(instant: ContinuousClock.now, wall: Self.wall)

    /// A scene whose endpoints answer so. Production's own list is empty unless told, and nobody is asked for the user.
    init(
        project: HTTPResponse = Self.project(), newest: HTTPResponse,
        productions: HTTPResponse = Self.list(), user: HTTPResponse? = nil
    ) {
        script = ScriptedTransport([
            Self.projectPath: [.answer(project)], Self.newestPath: [.answer(newest)],
            Self.productionsPath: [.answer(productions)],
        ])
        if let user { script.script(Self.userPath, .answer(user)) }
    }

    /// A scene in which Vercel has one answer to everything.
    init(always answer: HTTPResponse) {
        self.init(project: answer, newest: answer, productions: answer, user: answer)
    }

    func read(previous: Reading? = nil) async throws(ProviderFailure) -> Reading {
        let provider = VercelProvider(transport: SplitTransport(script: script), digest: GitHubScene.digest)
        return try await provider.read(
            ReadRequest(
                project: Self.id, link: Link(target: .vercel(target)), secret: secret, previous: previous, now: now,
                deadline: now.instant.advanced(by: .milliseconds(2500))))
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

    /// The scene a while later, with the same Vercel.
    func later(_ duration: Duration) -> Self {
        var later = self
        later.now = now.advanced(by: duration)
        return later
    }

    private static let id: ProjectID = {
        guard let id = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        return id
    }()
}

/// Tells the two lists apart, which have one path.
private struct SplitTransport: HTTPTransport {
    let script: ScriptedTransport

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        var request = request
        if request.url.contains("target=production"), let query = request.url.firstIndex(of: "?") {
            request.url.insert(contentsOf: "/production", at: query)
        }
        return try await script.send(request)
    }
}

/// Answers by the documented schema.
extension VercelScene {
    static let invalidToken = refusal(403, #""code":"forbidden","message":"Not authorized","invalidToken":true"#)
    static let notAuthorized = refusal(403, #""code":"forbidden","message":"Not authorized""#)
    static let notFound = refusal(404, #""code":"not_found","message":"Could not find the RESOURCE: ID""#)
    static let user = HTTPResponse(200, text: #"{"user":{"id":"u1","username":"ada","email":"ada@example.com"}}"#)

    static func refusal(_ status: Int, _ members: String, _ headers: HTTPHeaders = HTTPHeaders()) -> HTTPResponse {
        HTTPResponse(status, headers, text: "{\"error\":{\(members)}}")
    }

    /// The project, with a deploy hook whose address is a secret.
    static func project(serving: String? = nil) -> HTTPResponse {
        HTTPResponse(
            200,
            text: """
                {"id": "prj_1", "name": "shop", "accountId": "team_1", "createdAt": 1555413045188,
                 "link": {"type": "github", "repo": "shop", "gitCredentialId": "\(hookCanary)",
                  "deployHooks": [{"id": "h", "url": "https://api.vercel.com/v1/integrations/deploy/\(hookCanary)"}]},
                 "latestDeployments": [], "targets": \(serving.map { "{\"production\": \($0)}" } ?? "{}")}
                """)
    }

    static let hookCanary = "HOOKCANARY9876"

    static func list(_ deployments: String..., headers: HTTPHeaders = HTTPHeaders()) -> HTTPResponse {
        list(deployments, headers: headers)
    }

    static func list(_ deployments: [String], headers: HTTPHeaders = HTTPHeaders()) -> HTTPResponse {
        HTTPResponse(
            200, headers,
            text: """
                {"deployments": [\(deployments.joined(separator: ","))],
                 "pagination": {"count": \(deployments.count), "next": null, "prev": null}}
                """)
    }

    /// A deployment of a list, made `secondsAgo` before the scene.
    static func deployment(
        _ id: String, target: String? = "production", state: String = "READY", substate: String? = nil,
        secondsAgo: Int64 = 3600, extra: String = ""
    ) -> String {
        let created = (wall.seconds - secondsAgo) * 1000
        return """
            {"uid": "\(id)", "name": "shop", "projectId": "prj_1", "url": "shop-\(id)-acme.vercel.app",
             "created": \(created), "createdAt": \(created), "state": "\(state)", "readyState": "\(state)",
             "target": \(target.map { "\"\($0)\"" } ?? "null"), "creator": {"uid": "u1", "email": "ada@example.com"},
             "meta": {"githubCommitMessage": "wip"}, "inspectorUrl": null, "aliasAssigned": null
             \(substate.map { ", \"readySubstate\": \"\($0)\"" } ?? "")\(extra)}
            """
    }
}

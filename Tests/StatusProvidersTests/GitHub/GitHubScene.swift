import HTTPClient
import StatusCore
import StatusModel
import StatusProviders

/// One link to `octo/hello` and a scripted GitHub, at 2026-01-15T12:00:00Z.
struct GitHubScene {
    static let wall = UnixTime(seconds: 1_768_478_400)
    /// A token that must never turn up anywhere but in the one header.
    static let canary = "ghp_CANARY0123456789abcdefCANARY"

    let transport: ScriptedTransport
    var target = GitHubTarget(owner: "octo", repository: "hello")
    var secret: Secret? = Secret(Self.canary)
    var now = Moment(instant: ContinuousClock.now, wall: Self.wall)
    var timeLimit = Duration.milliseconds(2500)

    init(_ script: [String: [ScriptedTransport.Step]]) { transport = ScriptedTransport(script) }

    /// A scene whose repository answers so, and which has commits.
    init(repository: HTTPResponse, commits: HTTPResponse = Self.oneCommit) {
        self.init(["/repos/octo/hello": [.answer(repository)], "/repos/octo/hello/commits": [.answer(commits)]])
    }

    func read(previous: Reading? = nil) async throws(ProviderFailure) -> Reading {
        let provider = GitHubProvider(transport: transport, digest: Self.digest)
        return try await provider.read(
            ReadRequest(
                project: Self.project, link: Link(target: .github(target)), secret: secret, previous: previous,
                now: now, deadline: now.instant.advanced(by: timeLimit)))
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

    /// The scene a while later, with the same GitHub.
    func later(_ duration: Duration) -> Self {
        var later = self
        later.now = now.advanced(by: duration)
        return later
    }

    static let oneCommit = HTTPResponse(200, ["ETag": #""commits-1""#], text: #"[{"sha":"d0af33","author":null}]"#)
    static let emptyRepository = HTTPResponse(
        409, text: #"{"message":"Git Repository is empty.","status":"409"}"#)
    static let notFound = HTTPResponse(404, text: #"{"message":"Not Found","status":"404"}"#)
    static let badCredentials = HTTPResponse(
        401, ["x-ratelimit-limit": "60", "x-ratelimit-remaining": "59", "x-ratelimit-reset": "1768480000"],
        text: #"{"message":"Bad credentials","status":"401"}"#)

    /// A repository's answer by the documented schema, last pushed an hour before the scene unless told.
    static func repository(
        fullName: String = "octo/hello", pushedAt: String? = "2026-01-15T11:00:00Z", isPrivate: Bool = false,
        archived: Bool = false, disabled: Bool = false, branch: String = "main", headers: HTTPHeaders? = nil
    ) -> HTTPResponse {
        let pushed = pushedAt.map { "\"\($0)\"" } ?? "null"
        return HTTPResponse(
            200, headers ?? Self.headers,
            text: """
                {"id": 1296269, "name": "hello", "full_name": "\(fullName)", "private": \(isPrivate),
                 "owner": {"login": "octo", "id": 1}, "fork": false, "size": 0, "pushed_at": \(pushed),
                 "updated_at": "2025-01-26T19:14:43Z", "default_branch": "\(branch)", "archived": \(archived),
                 "disabled": \(disabled), "permissions": {"admin": true}, "temp_clone_token": "TEMPCLONECANARY"}
                """)
    }

    static let headers: HTTPHeaders = [
        "ETag": #"W/"repo-1""#, "X-OAuth-Scopes": "repo, user", "X-Accepted-OAuth-Scopes": "repo",
        "X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4987", "X-RateLimit-Reset": "1768480000",
    ]

    /// One way enough for tests: FNV-1a over the bytes, twice.
    static let digest: DigestFunction = { bytes in
        let forward = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let backward = bytes.reversed().reduce(forward) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(forward, radix: 16) + String(backward, radix: 16)
    }

    private static let project: ProjectID = {
        guard let id = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        return id
    }()
}

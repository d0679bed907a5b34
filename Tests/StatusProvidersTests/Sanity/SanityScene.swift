import HTTPClient
import StatusCore
import StatusModel
import StatusProviders

/// One link to the dataset `production` of `n1f7yabc` and a scripted Sanity, at 2026-01-15T12:00:00Z.
struct SanityScene {
    static let wall = UnixTime(seconds: 1_768_478_400)
    /// A token that must never turn up anywhere but in the one header.
    static let canary = "skCANARY0123456789abcdefCANARY"

    static let query = "/v2025-02-19/data/query/production"
    static let project = "/v2025-02-19/projects/n1f7yabc"
    static let hooks = "/v2025-08-04/hooks/projects/n1f7yabc"

    /// Where the deliveries of a hook are asked for first.
    static func messages(_ hook: String) -> String { "\(hooks)/\(hook)/messages" }

    let transport: ScriptedTransport
    var target = SanityTarget(projectID: "n1f7yabc")
    var secret: Secret? = Secret(Self.canary)
    var now = Moment(instant: ContinuousClock.now, wall: Self.wall)
    var timeLimit = Duration.milliseconds(2500)

    /// A scene in which all is well, but for what `script` says.
    init(_ script: [String: HTTPResponse] = [:]) {
        let well = [
            Self.query: Self.documents(), Self.project: Self.acme, Self.hooks: Self.hookList(),
            Self.messages("hook1"): Self.delivered(),
        ]
        transport = ScriptedTransport(well.merging(script) { $1 }.mapValues { [.answer($0)] })
    }

    /// Reads with what `previous` remembered; `other` answers in the place of the scene's own transport.
    func read(
        previous: Reading? = nil, through other: (any HTTPTransport)? = nil
    ) async throws(ProviderFailure) -> Reading {
        let provider = SanityProvider(transport: other ?? transport, digest: GitHubScene.digest)
        return try await provider.read(
            ReadRequest(
                project: Self.shop, link: Link(target: .sanity(target)), secret: secret, previous: previous,
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

    /// The scene a while later, with the same Sanity.
    func later(_ duration: Duration) -> Self {
        var later = self
        later.now = now.advanced(by: duration)
        return later
    }

    /// How often a path was asked for.
    func count(_ path: String) -> Int { transport.paths.count { $0 == path } }

    private static let shop: ProjectID = {
        guard let id = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        return id
    }()
}

/// Answers by the documented schemas.
extension SanityScene {
    /// A query's answer: one document by each instant; two of one id for `drafts.`.
    static func documents(_ updatedAt: String...) -> HTTPResponse {
        let instants = updatedAt.isEmpty ? ["2026-01-15T11:00:00Z", "2026-01-15T09:00:00.250Z"] : updatedAt
        let documents = instants.enumerated().map { index, time in
            #"{"_id":"doc-\#(index)","_type":"post","_rev":"r\#(index)","_updatedAt":"\#(time)"}"#
        }
        return result("[\(documents.joined(separator: ","))]")
    }

    static func result(_ json: String) -> HTTPResponse {
        HTTPResponse(200, text: #"{"query":"*","result":\#(json),"syncTags":["s1:a"],"ms":4}"#)
    }

    static let empty = result("[]")

    static let acme = HTTPResponse(
        200,
        text: """
            {"id":"n1f7yabc","displayName":"Acme site","studioHost":"acme","organizationId":"oABC123",
             "isBlocked":false,"isDisabled":false,"isDisabledByUser":false,"createdAt":"2023-05-01T10:00:00.000Z",
             "members":[{"id":"pUser1","role":"administrator"}],"features":["privateDataset"]}
            """)

    static func hookList(_ hooks: String...) -> HTTPResponse {
        HTTPResponse(200, text: "[\((hooks.isEmpty ? [hook()] : hooks).joined(separator: ","))]")
    }

    static func hook(
        _ id: String = "hook1", dataset: String = "production", isDisabled: Bool = false,
        isDisabledByUser: Bool = false, deletedAt: String = "null"
    ) -> String {
        """
        {"id":"\(id)","type":"document","name":"sync","dataset":"\(dataset)","isDisabled":\(isDisabled),
         "isDisabledByUser":\(isDisabledByUser),"createdAt":"2023-01-01","deletedAt":\(deletedAt),
         "url":"https://x.example/URLCANARY","headers":{"authorization":"HEADERCANARY"},"secret":"SECRETCANARY",
         "rule":{"on":["create"],"filter":null,"projection":null},"httpMethod":"POST","includeDrafts":false}
        """
    }

    static func delivered(_ status: String = "success", at time: String = "2026-01-15T11:30:00.628Z") -> HTTPResponse {
        HTTPResponse(200, text: "[\(message(status, at: time))]")
    }

    static func message(_ status: String, at time: String) -> String {
        """
        {"id":"m","projectId":"n1f7yabc","hookId":"hook1","dataset":"production","status":"\(status)",
         "failureCount":0,"resultCode":200,"payload":"{\\"a\\":\\"PAYLOADCANARY\\"}","createdAt":"\(time)"}
        """
    }

    /// A refusal in Sanity's first shape.
    static func refusal(
        _ status: Int, _ message: String, code: String? = nil, headers: HTTPHeaders = HTTPHeaders()
    ) -> HTTPResponse {
        let code = code.map { #","errorCode":"\#($0)""# } ?? ""
        return HTTPResponse(
            status, headers, text: #"{"statusCode":\#(status),"error":"Refused","message":"\#(message)"\#(code)}"#)
    }

    static let sessionNotFound = refusal(401, "Session not found", code: "SIO-401-ANF")
}

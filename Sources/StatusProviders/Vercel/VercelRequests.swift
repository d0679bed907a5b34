package import HTTPClient
package import StatusCore
import StatusModel

/// Builds the requests that one link needs of Vercel's REST API; versions are by endpoint, as Vercel has them.
package struct VercelRequests: Sendable {
    /// Deployments in one list: the most that Vercel gives at once.
    package static let deploymentsMax = 100
    /// Finished production deployments in their own list: many may be staged and never have served.
    package static let productionsMax = 100
    /// A deployment's entry has 1 to 10 KiB, most of it its commit's message.
    package static let bodyBytesMax = 4 << 20
    package static let redirectsMax = 3
    /// The longest project or team accepted, in bytes; Vercel permits 100.
    package static let nameBytesMax = 256

    /// The project as the configuration names it, by id or by name.
    package let project: String
    /// By id or by slug; nil for what the token's owner has outside of teams.
    package let team: String?
    private let baseURL: String
    private let token: String
    private let userAgent: String

    /// - Throws: a failure of code `misconfigured` when the names or the credential cannot stand in a request.
    package init(target: VercelTarget, secret: Secret?, userAgent: String) throws(ProviderFailure) {
        guard Self.isName(target.project) else {
            throw Self.misconfigured("The link names no project; write its id (prj_…) or its name.")
        }
        guard target.teamID.map(Self.isName) ?? true else {
            throw Self.misconfigured("The link's team is none; write its id (team_…) or slug, or leave it out.")
        }
        guard let token = secret?.reveal() else {
            throw Self.misconfigured("Vercel answers nobody without a token; name a credential for the link.")
        }
        // Visible ASCII: what a header field can carry, so that no credential can add a field of its own.
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.misconfigured(
                "The Vercel credential holds no token; store the token alone, without spaces or line breaks.")
        }
        project = target.project
        team = target.teamID
        self.token = token
        self.userAgent = userAgent
        var base = target.baseURL[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        baseURL = String(base)
    }

    /// `GET /v9/projects/{idOrName}`.
    package func linkedProject() -> HTTPRequest { get("/v9/projects/\(project.percentEncoded)", query: []) }

    /// The newest deployments of every environment. `projectId` takes a name as well, so nothing need be known before.
    package func deployments() -> HTTPRequest {
        get("/v7/deployments", query: ["projectId=\(project.percentEncoded)", "limit=\(Self.deploymentsMax)"])
    }

    /// The newest finished production deployments, however many previews came after them.
    package func productions() -> HTTPRequest {
        get(
            "/v7/deployments",
            query: [
                "projectId=\(project.percentEncoded)", "target=production", "state=READY,ERROR",
                "limit=\(Self.productionsMax)",
            ])
    }

    /// `GET /v2/user`: tells a dead token from a project that it may not see. Nobody's team is asked for, because the
    /// team may be what is refused.
    package func user() -> HTTPRequest { request("\(baseURL)/v2/user") }

    /// What a memo is good for: this token, project and team. One way, so that the token cannot be had from it.
    package func validator(_ digest: DigestFunction) -> String {
        let parts = [token, baseURL, project, team ?? ""]
        return String(digest(Array(parts.joined(separator: "\n").utf8)).prefix(32))
    }

    /// A request below the base address, in the link's team.
    func get(_ path: String, query: [String]) -> HTTPRequest {
        // Without it Vercel looks among the owner's own projects, and finds no team's (providers.md §3).
        let query = query + (team.map { ["\(Self.isTeamID($0) ? "teamId" : "slug")=\($0.percentEncoded)"] } ?? [])
        return request(baseURL + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
    }

    private func request(_ url: String) -> HTTPRequest {
        HTTPRequest(
            url: url,
            headers: ["Accept": "application/json", "User-Agent": userAgent, "Authorization": "Bearer \(token)"],
            bodyBytesMax: Self.bodyBytesMax, redirectsMax: Self.redirectsMax)
    }

    /// Whether it is a team's id; otherwise it is the name in the address of the team's page, which Vercel takes as well.
    private static func isTeamID(_ team: String) -> Bool { team.hasPrefix("team_") }

    /// `.` and `..` are no names: URL libraries fold them away.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= nameBytesMax && text != "." && text != ".." && text.isPrintable
    }

    private static func misconfigured(_ hint: String) -> ProviderFailure {
        ProviderFailure(code: .misconfigured, cause: .host, hint: hint, disposition: .replaces)
    }
}

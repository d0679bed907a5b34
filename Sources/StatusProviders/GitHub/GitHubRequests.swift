package import HTTPClient
package import StatusCore
import StatusModel

/// Builds the requests that one link needs of GitHub's REST API.
///
/// GitHub answers 403 without a `User-Agent` and 404 to a trailing slash, so neither is left to chance.
package struct GitHubRequests: Sendable {
    package static let accept = "application/vnd.github+json"
    /// Pinned: the next version renames fields that are read here.
    package static let apiVersion = "2022-11-28"
    /// A repository's answer has 5 to 20 KiB.
    package static let bodyBytesMax = 1 << 20
    /// For the probe of the commits.
    package static let commitsTimeout = Duration.seconds(1)
    /// A rename is one redirect; a rename of a rename still ends at the repository's id.
    package static let redirectsMax = 3

    /// The repository as the configuration names it.
    package let linked: GitHubRepositoryPath
    private let baseURL: String
    private let token: String?
    private let userAgent: String

    /// - Throws: a failure of code `misconfigured` when the names or the credential cannot stand in a request.
    package init(target: GitHubTarget, secret: Secret?, userAgent: String) throws(ProviderFailure) {
        guard let linked = GitHubRepositoryPath(owner: target.owner, name: target.repository) else {
            throw ProviderFailure(
                code: .misconfigured, cause: .host, hint: "The link names no repository; write it as owner and name.",
                disposition: .replaces)
        }
        let token = secret?.reveal()
        guard token.map(Self.isToken) ?? true else {
            throw ProviderFailure(
                code: .misconfigured, cause: .host,
                hint: "The GitHub credential holds no token; store the token alone, without spaces or line breaks.",
                disposition: .replaces)
        }
        self.linked = linked
        self.token = token
        self.userAgent = userAgent
        var base = target.baseURL[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        baseURL = String(base)
    }

    /// `GET /repos/{owner}/{repo}`, conditional when there is an ETag.
    package func repository(at path: GitHubRepositoryPath, etag: String?) -> HTTPRequest {
        get(repositoryURL(path), etag: etag)
    }

    /// `GET /repos/{owner}/{repo}/commits`, the newest one of a branch. It must not use up the time of the read, whose
    /// result it only colours.
    package func newestCommit(at path: GitHubRepositoryPath, branch: String, etag: String?) -> HTTPRequest {
        let sha = branch.isEmpty ? "" : "sha=\(branch.percentEncoded)&"
        var request = get("\(repositoryURL(path))/commits?\(sha)per_page=1", etag: etag)
        request.totalTimeout = Self.commitsTimeout
        return request
    }

    /// `GET /user`: tells a dead token from a repository that it may not see.
    package func user() -> HTTPRequest { get("\(baseURL)/user", etag: nil) }

    /// What an ETag is good for: GitHub's differ by token, URL, media type and version. One way, so that the token
    /// cannot be had from it.
    package func validator(_ digest: DigestFunction) -> String {
        let parts = [token ?? "", repositoryURL(linked), Self.accept, Self.apiVersion]
        return String(digest(Array(parts.joined(separator: "\n").utf8)).prefix(32))
    }

    func repositoryURL(_ path: GitHubRepositoryPath) -> String {
        "\(baseURL)/repos/\(path.owner.percentEncoded)/\(path.name.percentEncoded)"
    }

    /// A request, conditional when there is an ETag.
    func get(_ url: String, etag: String?) -> HTTPRequest {
        var headers: HTTPHeaders = [
            "Accept": Self.accept, "User-Agent": userAgent, "X-GitHub-Api-Version": Self.apiVersion,
        ]
        headers["Authorization"] = token.map { "Bearer \($0)" }
        headers["If-None-Match"] = etag
        return HTTPRequest(
            url: url, headers: headers, bodyBytesMax: Self.bodyBytesMax, redirectsMax: Self.redirectsMax)
    }

    /// Visible ASCII: what a header field can carry, so that no credential can add a field of its own.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

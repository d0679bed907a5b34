package import HTTPClient
package import StatusCore
package import StatusModel

/// Builds the requests that one link needs of Sanity's two hosts (providers.md §4.1).
///
/// Queries go to the project's own host, projects and hooks to the one that all projects share. Versions are dates that
/// never move, so that an answer keeps its shape.
package struct SanityRequests: Sendable {
    package static let dataVersion = "v2025-02-19"
    package static let hooksVersion = "v2025-08-04"
    /// How far back documents are asked for (SPEC §2).
    package static let activityWindow = Duration.seconds(7 * 86_400)
    /// How many documents one answer names, newest first; more than so many are told as `100+`.
    package static let documentsMax = 100
    /// Lists of messages carry what was delivered, which is passed over.
    package static let bodyBytesMax = 4 << 20
    package static let redirectsMax = 3

    private let target: SanityTarget
    private let dataBase: String
    private let managementBase: String
    private let token: String?
    private let userAgent: String

    /// - Throws: a failure of code `misconfigured` when the names or the credential cannot stand in a request.
    package init(target: SanityTarget, secret: Secret?, userAgent: String) throws(ProviderFailure) {
        guard Self.isName(target.projectID), Self.isName(target.dataset) else {
            throw Self.unusable("The link names no Sanity project and dataset; write their ids as Sanity does.")
        }
        let token = secret?.reveal()
        guard token.map(Self.isToken) ?? true else {
            throw Self.unusable(
                "The Sanity credential holds no token; store the token alone, without spaces or line breaks.")
        }
        self.target = target
        self.token = token
        self.userAgent = userAgent
        dataBase = Self.withoutTrailingSlashes(target.dataURL)
        managementBase = Self.withoutTrailingSlashes(target.managementURL)
    }

    /// Whether there is a token: without one only public documents are worth asking for.
    package var isAuthenticated: Bool { token != nil }

    /// The documents that changed within the window, newest first, drafts among them.
    ///
    /// The window begins with a day, so that the request is the same all day long; the reading cuts to the second.
    package func changes(now: UnixTime) -> HTTPRequest {
        let since = CivilTime.date(of: now.advanced(by: .zero - Self.activityWindow)) + "T00:00:00Z"
        let query = "*[_updatedAt > $since]|order(_updatedAt desc)[0...\(Self.documentsMax)]{_id,_type,_rev,_updatedAt}"
        let items = [("query", query), ("$since", "\"\(since)\""), ("perspective", "raw")]
        let queryText = items.map { "\($0.0.percentEncoded)=\($0.1.percentEncoded)" }.joined(separator: "&")
        return get("\(dataBase)/\(Self.dataVersion)/data/query/\(target.dataset.percentEncoded)?\(queryText)")
    }

    /// The project: its name, and whether Sanity serves it.
    package func project() -> HTTPRequest {
        get("\(managementBase)/\(Self.dataVersion)/projects/\(target.projectID.percentEncoded)")
    }

    /// Every webhook of the project, whatever its dataset.
    package func hooks() -> HTTPRequest { get(hooksURL) }

    /// Where a hook's newest deliveries are found: the known routes, to be tried in order while they answer 404.
    package func deliveries(hook: String) -> [HTTPRequest] {
        let hook = hook.percentEncoded
        return [
            get("\(hooksURL)/\(hook)/messages"),
            get("\(managementBase)/\(Self.hooksVersion)/hooks/\(hook)/messages"),
            get("\(hooksURL)/\(hook)/attempts"),
        ]
    }

    /// What remembered facts are good for: this token, these addresses. One way, so that the token cannot be had from
    /// it.
    package func validator(_ digest: DigestFunction) -> String {
        let parts = [token ?? "", managementBase, dataBase, target.projectID, target.dataset]
        return String(digest(Array(parts.joined(separator: "\n").utf8)).prefix(32))
    }

    private var hooksURL: String {
        "\(managementBase)/\(Self.hooksVersion)/hooks/projects/\(target.projectID.percentEncoded)"
    }

    private func get(_ url: String) -> HTTPRequest {
        var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": userAgent]
        headers["Authorization"] = token.map { "Bearer \($0)" }
        return HTTPRequest(
            url: url, headers: headers, bodyBytesMax: Self.bodyBytesMax, redirectsMax: Self.redirectsMax)
    }

    /// A project's id or a dataset's name: letters, digits, `-`, `_`, and `~` before a dataset's alias.
    private static func isName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }

    /// Visible ASCII: what a header field can carry, so that no credential can add a field of its own.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func withoutTrailingSlashes(_ url: String) -> String {
        var base = url[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        return String(base)
    }

    private static func unusable(_ hint: String) -> ProviderFailure {
        ProviderFailure(code: .misconfigured, cause: .host, hint: hint, disposition: .replaces)
    }
}

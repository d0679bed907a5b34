import StatusModel

/// A request to GitHub's API, its path made plain.
struct GitHubCall {
    enum Route: Hashable {
        case user
        case rateLimit
        case repository(Resource)
        case unknown
    }

    /// What is asked of one repository.
    struct Resource: Hashable {
        enum Address: Hashable {
            case name(RepositoryName)
            case id(Int)
        }

        enum Part: Hashable {
            case repository
            case commits
            case branch(String)
            /// `POST …/dispatches`.
            case dispatch
            /// `POST …/actions/workflows/{file or number}/dispatches`.
            case workflow(String)
            /// `POST …/merge-upstream`.
            case mergeUpstream

            /// What a fine-grained token needs for it.
            var permission: String {
                switch self {
                case .repository: "metadata"
                case .commits, .branch: "contents"
                case .dispatch, .mergeUpstream: "contents:write"
                case .workflow: "actions:write"
                }
            }
        }

        var address: Address
        var part: Part
        /// The path behind the repository's own, as it was sent: `/commits`.
        var suffix: String
    }

    /// The versions of the API that are played; the older one when none is asked for.
    static let versions = ["2022-11-28", "2026-03-10"]

    let request: SimulatedRequest
    /// Where the API begins: the server's origin, and `/api/v3` where GitHub Enterprise puts it.
    let base: String
    let route: Route

    init(_ request: SimulatedRequest) {
        self.request = request
        let isEnterprise = request.segments.starts(with: ["api", "v3"])
        base = request.origin + (isEnterprise ? "/api/v3" : "")
        let rawSegments = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(
            String.init)
        route = Self.route(
            method: request.method, segments: Array(request.segments.dropFirst(isEnterprise ? 2 : 0)),
            rawSegments: Array(rawSegments.dropFirst(isEnterprise ? 2 : 0)))
    }

    /// The version asked for; the default when none was, nil when it is none that exists.
    var version: String? {
        let wanted = request.headers["x-github-api-version"] ?? Self.versions[0]
        return Self.versions.contains(wanted) ? wanted : nil
    }

    /// The credential of `Bearer …` or `token …`; nil when none is sent, empty when it is of no use.
    var credential: String? {
        guard let authorization = request.headers["authorization"] else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, ["bearer", "token"].contains(parts[0].lowercased()) else { return "" }
        return String(parts[1])
    }

    private static func route(method: String, segments: [String], rawSegments: [String]) -> Route {
        guard let root = segments.first else { return .unknown }
        if method == "POST", root == "repos", segments.count > 3,
            let name = RepositoryName(owner: segments[1], name: segments[2])
        {
            return order(.name(name), Array(segments.dropFirst(3)), rawSegments.dropFirst(3))
        }
        guard method == "GET" || method == "HEAD" else { return .unknown }
        switch (root, segments.count) {
        case ("user", 1): return .user
        case ("rate_limit", 1): return .rateLimit
        case ("repos", 3...):
            guard let name = RepositoryName(owner: segments[1], name: segments[2]) else { return .unknown }
            return resource(.name(name), segments.dropFirst(3), rawSegments.dropFirst(3))
        case ("repositories", 2...):
            guard let id = Int(segments[1]) else { return .unknown }
            return resource(.id(id), segments.dropFirst(2), rawSegments.dropFirst(2))
        default: return .unknown
        }
    }

    private static func order(
        _ address: Resource.Address, _ rest: [String], _ rawRest: ArraySlice<String>
    ) -> Route {
        let part: Resource.Part
        switch (rest.first, rest.count) {
        case ("dispatches", 1): part = .dispatch
        case ("merge-upstream", 1): part = .mergeUpstream
        case ("actions", 4) where rest[1] == "workflows" && rest[3] == "dispatches": part = .workflow(rest[2])
        default: return .unknown
        }
        return .repository(Resource(address: address, part: part, suffix: rawRest.map { "/" + $0 }.joined()))
    }

    private static func resource(
        _ address: Resource.Address, _ rest: ArraySlice<String>, _ rawRest: ArraySlice<String>
    ) -> Route {
        let part: Resource.Part
        switch (rest.first, rest.count) {
        case (nil, _): part = .repository
        case ("commits", 1): part = .commits
        case ("branches", 2) where rest.last != "": part = .branch(rest.last ?? "")
        default: return .unknown
        }
        return .repository(Resource(address: address, part: part, suffix: rawRest.map { "/" + $0 }.joined()))
    }
}

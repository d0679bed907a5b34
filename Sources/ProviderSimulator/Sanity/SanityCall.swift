/// A request to Sanity's API, its path made plain.
///
/// The real service tells projects apart by the host of a query. Here a path may begin with the project instead:
/// `/sanity/PROJECT/v2025-02-19/data/…`; without one it is meant for the only project there is.
struct SanityCall {
    enum Route: Hashable {
        case user
        case project(String)
        case query(dataset: String)
        case hooks(project: String)
        /// The project is nil in the shorter of the two forms.
        case messages(project: String?, hook: String)
        case attempts(project: String, hook: String)
        case unknown
    }

    let request: SimulatedRequest
    /// The project that the path begins with.
    let host: String?
    let route: Route

    init(_ request: SimulatedRequest) {
        self.request = request
        var segments = request.segments.dropFirst()
        if let first = segments.first, !Self.isVersion(first) {
            host = first
            segments = segments.dropFirst()
        } else {
            host = nil
        }
        guard let version = segments.popFirst(), Self.isVersion(version) else {
            route = .unknown
            return
        }
        route = Self.route(method: request.method, Array(segments))
    }

    /// The token of `Bearer …`; nil when none is sent, empty when it is of no use.
    var credential: String? {
        guard let authorization = request.headers["authorization"] else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : ""
    }

    private static func route(method: String, _ segments: [String]) -> Route {
        guard method == "GET" || method == "HEAD" else { return .unknown }
        switch (segments.first, segments.count) {
        case ("users", 2) where segments[1] == "me": return .user
        case ("projects", 2): return .project(segments[1])
        case ("data", 3) where segments[1] == "query": return .query(dataset: segments[2])
        case ("hooks", 3) where segments[1] == "projects": return .hooks(project: segments[2])
        case ("hooks", 3) where segments[2] == "messages": return .messages(project: nil, hook: segments[1])
        case ("hooks", 5) where segments[1] == "projects" && segments[4] == "messages":
            return .messages(project: segments[2], hook: segments[3])
        case ("hooks", 5) where segments[1] == "projects" && segments[4] == "attempts":
            return .attempts(project: segments[2], hook: segments[3])
        default: return .unknown
        }
    }

    /// `v1`, `vX` or a date: `v2025-02-19`.
    private static func isVersion(_ segment: String) -> Bool {
        guard segment.first == "v" else { return false }
        let version = segment.dropFirst()
        if version == "1" || version == "X" { return true }
        return version.utf8.count == 10
            && version.utf8.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7
                    ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}

/// One request as a provider sees it: target taken apart, body whole.
package struct SimulatedRequest: Hashable, Sendable {
    package struct QueryItem: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// The longest request body accepted, in bytes; a longer one is answered with 413.
    package static let bodyBytesMax = 64 << 10

    /// `/at/NAME/…` is the same as `/…`, asked for at the place NAME.
    private static let placePrefix = "at"

    package var method: String
    /// The place at which it was asked for; empty for none. All places tell the same: they are there so that each of many
    /// projects has a base address of its own, and is as slow as ``Fault/Kind/latency(_:jitter:isSteady:)`` makes it.
    package var place: String
    /// The path as it was sent, escapes and all, without the query and the place.
    package var path: String
    /// The path between its slashes, unescaped; a trailing slash leaves an empty last segment.
    package var segments: [String]
    package var query: [QueryItem]
    /// The query as it was sent; nil when there is none.
    package var queryText: String?
    package var headers: HeaderFields
    package var body: [UInt8]

    /// Takes the target of a request line apart; any target is accepted, and an odd one simply fits no route.
    package init(method: String, target: String, headers: HeaderFields = [:], body: [UInt8] = []) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        (place, path) = Self.apart(parts.first ?? "")
        self.segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            .map { PercentCoding.decoded($0) }
        self.queryText = parts.count < 2 ? nil : String(parts[1])
        self.query = parts.count < 2 ? [] : Self.items(of: parts[1])
        self.headers = headers
        self.body = body
    }

    /// The first value of a query item.
    package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Where this server is reached, for links in answers: what the client called it, unless that is no host at all.
    package var origin: String {
        let host = headers["host"] ?? ""
        let isHost = !host.isEmpty && host.utf8.count <= 255 && host.utf8.allSatisfy { Self.hostBytes.contains($0) }
        return "http://" + (isHost ? host : "localhost")
    }

    /// The same request without preconditions, for an answer that must have a body to be spoilt.
    func unconditional() -> Self {
        var request = self
        request.headers["if-none-match"] = nil
        return request
    }

    /// The place and the rest of a path: `/at/NAME/vercel` is `/vercel` at NAME.
    private static func apart(_ path: Substring) -> (place: String, path: String) {
        let steps = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard steps.count == 4, steps[0].isEmpty, steps[1] == placePrefix, !steps[2].isEmpty else {
            return ("", String(path))
        }
        return (String(steps[2]), "/" + steps[3])
    }

    private static let hostBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]".utf8)

    private static func items(of query: Substring) -> [QueryItem] {
        query.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return QueryItem(
                name: PercentCoding.decoded(parts.first ?? "", plusIsSpace: true),
                value: PercentCoding.decoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true))
        }
    }
}

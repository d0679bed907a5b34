/// How often a provider was asked, and for what: the oracle of tests that count upstream calls.
package struct RequestCounts: Hashable, Sendable, Encodable {
    /// One provider, method and path; the query does not tell requests apart.
    package struct Line: Hashable, Sendable, Encodable {
        package var provider: String
        package var method: String
        package var path: String
        package var count: Int
        /// How many of them were answered 304.
        package var notModified: Int
    }

    package var total = 0
    /// How many were answered 304.
    package var conditionalHits = 0
    /// How many were struck by a fault.
    package var faulted = 0
    /// How many are being answered now. One counts until its answer is handed over, so that a client that waits for an
    /// answer before it asks again never counts twice.
    package var inFlight = 0
    package var maxConcurrent = 0
    /// How many were neither GET nor HEAD: those that may have changed something.
    package var mutations = 0
    package var byProvider: [String: Int] = [:]
    package var requests: [Line] = []

    /// How often a path was asked for, by one method or any; an empty prefix counts everything.
    package func count(method: String? = nil, pathPrefix: String) -> Int {
        requests.filter { $0.path.hasPrefix(pathPrefix) && (method ?? $0.method) == $0.method }
            .reduce(0) { $0 + $1.count }
    }
}

/// Keeps ``RequestCounts``, within a bound on how many lines it holds.
struct RequestLog: Sendable {
    /// How many lines are told apart; whatever comes after them counts under the path `*`.
    static let linesMax = 512
    /// How many characters of a path are kept.
    static let pathLengthMax = 256

    private(set) var counts = RequestCounts()

    mutating func begin(provider: String, request: SimulatedRequest, notModified: Bool, faulted: Bool) {
        counts.total += 1
        counts.byProvider[provider, default: 0] += 1
        counts.conditionalHits += notModified ? 1 : 0
        counts.faulted += faulted ? 1 : 0
        counts.mutations += ["GET", "HEAD"].contains(request.method) ? 0 : 1
        counts.inFlight += 1
        counts.maxConcurrent = max(counts.maxConcurrent, counts.inFlight)
        let index = lineIndex(
            provider: provider, method: String(request.method.prefix(16)),
            path: String(request.path.prefix(Self.pathLengthMax)))
        counts.requests[index].count += 1
        counts.requests[index].notModified += notModified ? 1 : 0
    }

    mutating func end() { counts.inFlight -= 1 }

    /// Forgets everything but the requests under way.
    mutating func reset() {
        let inFlight = counts.inFlight
        counts = RequestCounts()
        counts.inFlight = inFlight
        counts.maxConcurrent = inFlight
    }

    private mutating func lineIndex(provider: String, method: String, path: String) -> Int {
        func find(_ method: String, _ path: String) -> Int? {
            counts.requests.firstIndex { $0.provider == provider && $0.method == method && $0.path == path }
        }
        if let index = find(method, path) { return index }
        let isFull = counts.requests.count >= Self.linesMax
        let (method, path) = isFull ? ("*", "*") : (method, path)
        if isFull, let index = find(method, path) { return index }
        counts.requests.append(.init(provider: provider, method: method, path: path, count: 0, notModified: 0))
        return counts.requests.count - 1
    }
}

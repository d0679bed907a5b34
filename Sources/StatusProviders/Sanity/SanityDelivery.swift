import FoundationEssentials
package import StatusModel

/// What a hook's newest finished delivery says of it.
package enum SanityDelivery: Hashable, Sendable {
    /// Nothing was delivered yet that could be judged.
    case idle
    /// Nil when the answer does not say when.
    case succeeded(at: UnixTime?)
    case failed
    /// The token may not read deliveries.
    case refused
    /// The answer could not be had, or not be read.
    case unknown

    /// Reads a list of messages or of attempts.
    ///
    /// A message stands for all its attempts: its `status` is success or failure once the last of them is over, and
    /// anything else until then. An attempt says `isFailure`, unless it is in progress. What was sent, and what was
    /// answered to it, is not decoded.
    package init(json body: [UInt8]) {
        guard let list = try? JSONDecoder().decode([Wire].self, from: Data(body)) else {
            self = .unknown
            return
        }
        // The order of the list is not documented; among equals the first one counts.
        let newest = list.filter(\.isFinished).reversed().max { $0.time < $1.time }
        switch newest {
        case nil: self = .idle
        case let newest?: self = newest.hasFailed ? .failed : .succeeded(at: newest.createdAtInstant)
        }
    }

    private struct Wire: Decodable {
        var status: String?
        var isFailure: Bool?
        var inProgress: Bool?
        var createdAt: String?

        var isFinished: Bool {
            guard let status else { return isFailure != nil && inProgress != true }
            return status == "success" || status == "failure"
        }

        var hasFailed: Bool { status.map { $0 == "failure" } ?? isFailure ?? false }

        var createdAtInstant: UnixTime? { createdAt.flatMap(ISO8601Instant.parse) }

        var time: UnixTime { createdAtInstant ?? UnixTime(nanoseconds: .min) }
    }
}

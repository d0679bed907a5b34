package import StatusCore
package import StatusModel

/// What a service's earlier reads leave for the next one: kept in the reading's memo, which the store keeps.
package struct ServiceHistory: Hashable, Sendable {
    /// How long a service that was well may be silent and still count as waking up.
    package static let wakingMax = Duration.seconds(5 * 60)
    /// How many latencies are kept, the newest.
    package static let latenciesMax = 32

    private enum Field {
        static let validator = "validator"
        /// Nanoseconds since the epoch.
        static let wellAt = "well_at"
        /// Nanoseconds since the epoch.
        static let silentSince = "silent_since"
    }

    /// Which address it holds for.
    package var validator: String
    /// When the check was passed last.
    package var wellAt: UnixTime?
    /// Since when there is no sign of life.
    package var silentSince: UnixTime?
    /// Of the newest checks that were passed, oldest first.
    package var latencies: [Duration] = []

    package init(validator: String, wellAt: UnixTime? = nil, silentSince: UnixTime? = nil, latencies: [Duration] = []) {
        self.validator = validator
        self.wellAt = wellAt
        self.silentSince = silentSince
        self.latencies = latencies
    }

    /// Reads back what an earlier reading kept. One for another address is forgotten, and an instant ahead of now, by a
    /// clock since corrected, is now.
    package init(_ previous: Reading?, validator: String, now: UnixTime) {
        self.init(validator: validator)
        guard let previous, previous.memo[Field.validator] == validator else { return }
        let instant = { (field: String) -> UnixTime? in
            previous.memo[field].flatMap { Int64($0) }.map { min(UnixTime(nanoseconds: $0), now) }
        }
        wellAt = instant(Field.wellAt)
        silentSince = instant(Field.silentSince)
        latencies = previous.latencies.suffix(Self.latenciesMax)
    }

    package var memo: [String: String] {
        var memo = [Field.validator: validator]
        memo[Field.wellAt] = wellAt.map { String($0.nanoseconds) }
        memo[Field.silentSince] = silentSince.map { String($0.nanoseconds) }
        return memo
    }

    /// Whether silence now can be that of a service on its way up: it was well before, and has not been silent for long.
    package func mayBeWaking(now: UnixTime) -> Bool {
        guard wellAt != nil else { return false }
        return silentSince.map { now.since($0) < Self.wakingMax } ?? true
    }

    /// The check was passed.
    package mutating func noteWell(latency: Duration, now: UnixTime) {
        wellAt = now
        silentSince = nil
        latencies = (latencies + [latency]).suffix(Self.latenciesMax)
    }

    /// There was an answer, and it did not pass.
    package mutating func noteAnswer() { silentSince = nil }

    /// There was no sign of life.
    package mutating func noteSilence(now: UnixTime) { silentSince = silentSince ?? now }

    /// `40ms avg`, or `<1ms avg`; nil without a sample.
    package var average: String? {
        guard !latencies.isEmpty else { return nil }
        let mean = latencies.reduce(.zero, +) / latencies.count
        return mean < .milliseconds(1) ? "<1ms avg" : "\(mean.saturatedNanoseconds / 1_000_000)ms avg"
    }
}

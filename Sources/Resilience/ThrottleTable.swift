package struct ThrottleTable<Key: Hashable & Sendable>: Sendable {
    private var ends: [Key: ContinuousClock.Instant] = [:]
    private let keysMax: Int
    package init(keysMax: Int) { self.keysMax = keysMax }
    package mutating func block(_ key: Key, until: ContinuousClock.Instant, at now: ContinuousClock.Instant) {
        ends[key] = max(ends[key] ?? until, until)
    }
    package func blockedUntil(_ key: Key, at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        ends[key].flatMap { $0 > now ? $0 : nil }
    }
}

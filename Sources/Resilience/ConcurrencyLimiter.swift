/// So many at once for each key. It counts and makes nobody wait: whoever finds no place queues elsewhere.
///
/// It holds only the keys that somebody is in, so it is bounded by those.
package struct ConcurrencyLimiter<Key: Hashable & Sendable>: Sendable {
    /// The places of each key, at least 1.
    package let placesMax: Int
    private var counts: [Key: Int] = [:]

    package init(placesMax: Int) { self.placesMax = max(placesMax, 1) }

    /// How many are in.
    package func count(of key: Key) -> Int { counts[key, default: 0] }

    package func hasPlace(for key: Key) -> Bool { count(of: key) < placesMax }

    /// Takes a place if one is free.
    ///
    /// - Returns: Whether it was taken. ``leave(_:)`` gives it back, once.
    package mutating func enter(_ key: Key) -> Bool {
        guard hasPlace(for: key) else { return false }
        counts[key, default: 0] += 1
        return true
    }

    /// Gives a place back; without one taken it does nothing.
    package mutating func leave(_ key: Key) {
        let count = count(of: key)
        counts[key] = count > 1 ? count - 1 : nil
    }
}

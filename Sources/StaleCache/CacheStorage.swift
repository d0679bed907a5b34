/// The values of a cache, with the time as an argument.
///
/// A value is *fresh* until it expires, then *stale* for the stale lifetime, and then *dead*: dead values are never
/// handed out, whether or not they were removed yet.
package struct CacheStorage<Key: Hashable, Value> {
    package typealias Instant = ContinuousClock.Instant

    package struct Record {
        package var value: Value
        package var storedAt: Instant
        package var expiresAt: Instant
        /// The newest failure since the value was stored.
        package fileprivate(set) var failure: Failure?

        package func isFresh(at now: Instant) -> Bool { now < expiresAt }
    }

    /// In a box of its own, because few records have one: those without pay for a pointer.
    package final class Failure: Sendable {
        package let error: StaleCacheError
        package let at: Instant

        init(error: StaleCacheError, at: Instant) {
            self.error = error
            self.at = at
        }
    }

    private let staleLifetime: Duration?
    private var table: LRUTable<Key, Record>

    /// A stale lifetime of nil is one without end.
    package init(capacity: Int, staleLifetime: Duration?) {
        self.staleLifetime = staleLifetime
        table = LRUTable(capacity: capacity)
    }

    /// How many values are held, dead ones included.
    package var count: Int { table.count }

    /// The keys from the newest use to the oldest, dead ones included.
    package var keysByRecency: [Key] { table.keysByRecency }

    /// How many values are fresh. Takes time proportional to the count.
    package func freshCount(at now: Instant) -> Int {
        table.elements.reduce(0) { $0 + ($1.isFresh(at: now) ? 1 : 0) }
    }

    /// What is held under a key, unless it is dead. This is no use of it.
    package func record(for key: Key, at now: Instant) -> Record? {
        guard let position = livePosition(of: key, at: now) else { return nil }
        return table[position]
    }

    /// What is held under a key if it is fresh, which is a use of it.
    package mutating func useFresh(_ key: Key, at now: Instant) -> Record? {
        guard let position = table.position(of: key), table[position].isFresh(at: now) else { return nil }
        table.markUsed(position)
        return table[position]
    }

    /// What is held under a key, fresh or stale, which is a use of it.
    package mutating func use(_ key: Key, at now: Instant) -> Record? {
        guard let position = livePosition(of: key, at: now) else { return nil }
        table.markUsed(position)
        return table[position]
    }

    /// Keeps a value, which is a use of its key and forgets the key's failure.
    ///
    /// - Returns: Whether the least recently used value had to make room.
    package mutating func store(_ value: Value, for key: Key, storedAt: Instant, expiresAt: Instant) -> Bool {
        let record = Record(value: value, storedAt: storedAt, expiresAt: expiresAt)
        guard let position = table.position(of: key) else { return table.insert(record, for: key) }
        table[position] = record
        table.markUsed(position)
        return false
    }

    /// Notes beside the value of a key that its newest fetch failed. Without a value there is nothing to note it by.
    package mutating func noteFailure(_ error: StaleCacheError, for key: Key, at now: Instant) {
        guard let position = table.position(of: key) else { return }
        table[position].failure = Failure(error: error, at: now)
    }

    /// Makes a fresh value stale.
    ///
    /// - Returns: Whether there was one.
    package mutating func expire(_ key: Key, at now: Instant) -> Bool {
        guard let position = table.position(of: key), table[position].isFresh(at: now) else { return false }
        table[position].expiresAt = now
        return true
    }

    /// Removes a value.
    ///
    /// - Returns: Whether there was one.
    package mutating func remove(_ key: Key) -> Bool {
        guard let position = table.position(of: key) else { return false }
        table.remove(at: position)
        return true
    }

    /// Removes the values of all keys that the predicate picks.
    ///
    /// - Returns: How many were removed.
    package mutating func removeAll(where isPicked: (Key) -> Bool) -> Int {
        table.removeAll { key, _ in isPicked(key) }
    }

    package mutating func removeAll() { table.removeAll() }

    /// Removes the values that are dead.
    ///
    /// - Returns: How many were removed.
    package mutating func removeDead(at now: Instant) -> Int {
        guard let staleLifetime else { return 0 }
        return table.removeAll { _, record in Self.isDead(record, staleLifetime, now) }
    }

    private func livePosition(of key: Key, at now: Instant) -> Int? {
        guard let position = table.position(of: key) else { return nil }
        if let staleLifetime, Self.isDead(table[position], staleLifetime, now) { return nil }
        return position
    }

    private static func isDead(_ record: Record, _ staleLifetime: Duration, _ now: Instant) -> Bool {
        // The age is subtracted rather than the lifetime added, so that no lifetime is too long. A stale lifetime of
        // nothing leaves a fresh value alone.
        let staleFor = record.expiresAt.duration(to: now)
        return staleFor >= .zero && staleFor >= staleLifetime
    }
}

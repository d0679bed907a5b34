import StaleCache
import TestSupport
import Testing

/// A second, naive implementation: a list in the order of use, newest first.
private struct ModelStorage {
    struct Record {
        var key: Int
        var value: Int
        var expiresAt: ContinuousClock.Instant
        var failureAt: ContinuousClock.Instant?
    }

    let capacity: Int
    let staleLifetime: Duration?
    var records: [Record] = []

    func isDead(_ record: Record, at now: ContinuousClock.Instant) -> Bool {
        guard let staleLifetime, now >= record.expiresAt else { return false }
        return now >= record.expiresAt + staleLifetime
    }

    func record(for key: Int, at now: ContinuousClock.Instant) -> Record? {
        records.first { $0.key == key && !isDead($0, at: now) }
    }

    mutating func use(_ key: Int, freshOnly: Bool, at now: ContinuousClock.Instant) -> Record? {
        guard let record = record(for: key, at: now), !freshOnly || now < record.expiresAt else { return nil }
        records.removeAll { $0.key == key }
        records.insert(record, at: 0)
        return record
    }

    mutating func store(_ value: Int, for key: Int, expiresAt: ContinuousClock.Instant) -> Bool {
        records.removeAll { $0.key == key }
        records.insert(Record(key: key, value: value, expiresAt: expiresAt), at: 0)
        guard records.count > capacity else { return false }
        records.removeLast()
        return true
    }

    mutating func change(_ key: Int, _ body: (inout Record) -> Void) {
        for index in records.indices where records[index].key == key { body(&records[index]) }
    }

    mutating func remove(where isPicked: (Record) -> Bool) -> Int {
        let before = records.count
        records.removeAll(where: isPicked)
        return before - records.count
    }
}

@Suite struct CacheStorageModelTests {
    private static let seeds: [UInt64] = Array(1...20) + [UInt64.random(in: 21 ... .max)]

    @Test("a seeded script of operations leaves the storage and a naive model alike", arguments: seeds)
    func script(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...12, using: &generator)
        let staleLifetime: Duration? = Bool.random(using: &generator) ? .seconds(20) : nil
        var storage = CacheStorage<Int, Int>(capacity: capacity, staleLifetime: staleLifetime)
        var model = ModelStorage(capacity: capacity, staleLifetime: staleLifetime)
        var now = ContinuousClock.now
        for step in 0..<2_000 {
            now += .seconds(Int.random(in: 0...3, using: &generator))
            let key = Int.random(in: 0..<16, using: &generator)
            let operation = Int.random(in: 0..<100, using: &generator)
            let comment: Comment = "seed \(seed), step \(step), operation \(operation)"
            switch operation {
            case 0..<35:
                let expiresAt = now + .seconds(Int.random(in: 0...15, using: &generator))
                let evicted = storage.store(step, for: key, storedAt: now, expiresAt: expiresAt)
                let expected = model.store(step, for: key, expiresAt: expiresAt)
                #expect(evicted == expected, comment)
            case 35..<55:
                let used = storage.useFresh(key, at: now)
                let expected = model.use(key, freshOnly: true, at: now)
                #expect(used?.value == expected?.value, comment)
            case 55..<75:
                let used = storage.use(key, at: now)
                let expected = model.use(key, freshOnly: false, at: now)
                #expect(used?.value == expected?.value && used?.failure?.at == expected?.failureAt, comment)
            case 75..<80:
                storage.noteFailure(
                    StaleCacheError(code: .fetchFailed, message: "", isRetryable: true), for: key, at: now)
                model.change(key) { $0.failureAt = now }
            case 80..<85:
                _ = storage.expire(key, at: now)
                model.change(key) { $0.expiresAt = min($0.expiresAt, now) }
            case 85..<92:
                let (removed, expected) = (storage.remove(key), model.remove { $0.key == key })
                #expect(removed == (expected == 1), comment)
            case 92..<96:
                let before = model
                let (removed, expected) = (storage.removeDead(at: now), model.remove { before.isDead($0, at: now) })
                #expect(removed == expected, comment)
            case 96..<99:
                let removed = storage.removeAll { $0 % 3 == key % 3 }
                let expected = model.remove { $0.key % 3 == key % 3 }
                #expect(removed == expected, comment)
            default:
                storage.removeAll()
                model.records = []
            }
            #expect(storage.keysByRecency == model.records.map(\.key), comment)
            #expect(storage.count == model.records.count, comment)
            #expect(storage.freshCount(at: now) == model.records.count { now < $0.expiresAt }, comment)
            #expect(storage.record(for: key, at: now)?.expiresAt == model.record(for: key, at: now)?.expiresAt, comment)
        }
    }
}

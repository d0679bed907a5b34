/// Who waits until a number of requests has come in.
struct RequestWaiters: Sendable {
    private var waiters: [UInt64: (total: Int, continuation: CheckedContinuation<Void, Never>)] = [:]
    private var lastID: UInt64 = 0

    /// A number for a waiter to come, by which it can be withdrawn.
    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    mutating func add(_ id: UInt64, until total: Int, _ continuation: CheckedContinuation<Void, Never>) {
        waiters[id] = (total, continuation)
    }

    mutating func remove(_ id: UInt64) -> CheckedContinuation<Void, Never>? {
        waiters.removeValue(forKey: id)?.continuation
    }

    /// Takes out those whose number is reached.
    mutating func due(total: Int) -> [CheckedContinuation<Void, Never>] {
        guard !waiters.isEmpty else { return [] }
        let due = waiters.filter { $0.value.total <= total }
        for id in due.keys { waiters[id] = nil }
        return due.values.map(\.continuation)
    }
}

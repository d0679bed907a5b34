/// What is due when: a binary heap with an index, so that a key can be moved or taken out in O(log n).
package struct RefreshSchedule<Key: Hashable & Sendable>: Sendable {
    private struct Slot: Sendable {
        var key: Key
        var due: ContinuousClock.Instant
    }

    private var heap: [Slot] = []
    private var positions: [Key: Int] = [:]

    package init() {}

    package var count: Int { heap.count }

    /// When the first key is due; nil while none is scheduled.
    package var nextDue: ContinuousClock.Instant? { heap.first?.due }

    /// When the key is due; nil when it is not scheduled.
    package func due(of key: Key) -> ContinuousClock.Instant? { positions[key].map { heap[$0].due } }

    /// Schedules the key, or moves it.
    package mutating func upsert(_ key: Key, due: ContinuousClock.Instant) {
        if let position = positions[key] {
            heap[position].due = due
            settle(position)
        } else {
            heap.append(Slot(key: key, due: due))
            positions[key] = heap.count - 1
            siftUp(from: heap.count - 1)
        }
    }

    /// Takes the key out and gives when it was due.
    @discardableResult
    package mutating func remove(_ key: Key) -> ContinuousClock.Instant? {
        guard let position = positions.removeValue(forKey: key) else { return nil }
        let due = heap[position].due
        let last = heap.removeLast()
        if position < heap.count {
            heap[position] = last
            positions[last.key] = position
            settle(position)
        }
        return due
    }

    /// Takes out the keys that are due, the earliest first, at most `limit` of them.
    package mutating func popDue(at now: ContinuousClock.Instant, limit: Int = .max) -> [Key] {
        var keys: [Key] = []
        while keys.count < limit, let first = heap.first, first.due <= now {
            keys.append(first.key)
            remove(first.key)
        }
        return keys
    }

    private mutating func settle(_ position: Int) {
        siftUp(from: position)
        siftDown(from: position)
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].due < heap[parent].due else { return }
            swap(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].due < heap[left].due ? right : left
            guard heap[child].due < heap[parent].due else { return }
            swap(child, parent)
            parent = child
        }
    }

    private mutating func swap(_ first: Int, _ second: Int) {
        heap.swapAt(first, second)
        positions[heap[first].key] = first
        positions[heap[second].key] = second
    }
}

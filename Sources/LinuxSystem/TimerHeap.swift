/// Names a timer that was set.
package struct TimerID: Hashable, Sendable {
    fileprivate let slot: UInt32
    fileprivate let generation: UInt32
}

/// A binary heap of instants from which any entry can be removed in O(log n), so that cancelled timers leave nothing.
package struct TimerHeap<Payload> {
    private struct Slot {
        var generation: UInt32 = 0
        var instant = LoopInstant(nanoseconds: 0)
        var position = -1
        var payload: Payload?
    }

    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    /// Slot indices in heap order.
    private var heap: [Int] = []

    package init() {}

    package var count: Int { heap.count }

    /// When the earliest timer is due.
    package var nextInstant: LoopInstant? { heap.first.map { slots[$0].instant } }

    package mutating func insert(at instant: LoopInstant, _ payload: Payload) -> TimerID {
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        slots[index].instant = instant
        slots[index].payload = payload
        slots[index].position = heap.count
        heap.append(index)
        siftUp(heap.count - 1)
        return TimerID(slot: UInt32(index), generation: slots[index].generation)
    }

    /// Removes a timer and returns its payload; nil when it is gone already.
    @discardableResult
    package mutating func remove(_ id: TimerID) -> Payload? {
        let index = Int(id.slot)
        guard index < slots.count, slots[index].generation == id.generation, slots[index].position >= 0 else {
            return nil
        }
        return removeFromHeap(at: slots[index].position)
    }

    /// Removes the earliest timer if it is due at `now`. One at a time, so that a timer may cancel another that is due
    /// with it.
    package mutating func removeFirst(dueAt now: LoopInstant) -> Payload? {
        guard let first = heap.first, slots[first].instant <= now else { return nil }
        return removeFromHeap(at: 0)
    }

    private mutating func removeFromHeap(at position: Int) -> Payload? {
        let index = heap[position]
        heap.swapAt(position, heap.count - 1)
        slots[heap[position]].position = position
        heap.removeLast()
        if position < heap.count {
            siftDown(position)
            siftUp(position)
        }
        let payload = slots[index].payload
        slots[index].payload = nil
        slots[index].position = -1
        slots[index].generation &+= 1
        freeSlots.append(index)
        return payload
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard slots[heap[child]].instant < slots[heap[parent]].instant else { return }
            exchange(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if slots[heap[child]].instant < slots[heap[smallest]].instant { smallest = child }
            }
            if smallest == parent { return }
            exchange(parent, smallest)
            parent = smallest
        }
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        slots[heap[a]].position = a
        slots[heap[b]].position = b
    }
}

/// Who is called when a timer fires.
struct TimerTarget {
    var delegate: any EventLoopDelegate
    var token: UInt64
}

/// The loop's own state: who watches which descriptor, and the timers.
struct LoopCore {
    /// The token of the loop's own wake-up descriptor; no slot's token, for a slot index never reaches it.
    static let wakeToken = UInt64.max

    private struct Slot {
        var generation: UInt32 = 0
        var delegate: (any EventLoopDelegate)?
        var token: UInt64 = 0
    }

    var now = LoopInstant.now()
    var timers = TimerHeap<TimerTarget>()
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []

    /// The token under which epoll knows the descriptor: slot and generation, so that an event that was already
    /// fetched when its descriptor was forgotten finds nobody, even if the slot has a new owner.
    mutating func insert(delegate: any EventLoopDelegate, token: UInt64) -> UInt64 {
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        slots[index].delegate = delegate
        slots[index].token = token
        return UInt64(slots[index].generation) << 32 | UInt64(index)
    }

    mutating func remove(_ id: UInt64) {
        let index = Int(id & 0xFFFF_FFFF)
        guard registration(for: id) != nil else { return }
        slots[index].delegate = nil
        slots[index].generation &+= 1
        freeSlots.append(index)
    }

    func registration(for id: UInt64) -> (delegate: any EventLoopDelegate, token: UInt64)? {
        let index = Int(id & 0xFFFF_FFFF)
        guard index < slots.count, slots[index].generation == UInt32(id >> 32), let delegate = slots[index].delegate
        else { return nil }
        return (delegate, slots[index].token)
    }

    /// For epoll: -1 without timers, 0 when one is due, else the time rounded up so that the loop never spins.
    ///
    /// Counted from when the loop last woke: a timer may be late by as long as this turn took, and a turn reads the
    /// clock once.
    func millisecondsToNextTimer() -> Int32 {
        guard let next = timers.nextInstant else { return -1 }
        let remaining = next.nanoseconds - now.nanoseconds
        guard remaining > 0 else { return 0 }
        return Int32(clamping: (remaining - 1) / 1_000_000 + 1)
    }
}

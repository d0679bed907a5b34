import LinuxSystem
import TestSupport
import Testing

@Suite("The timer heap")
struct TimerHeapTests {
    private func at(_ nanoseconds: Int64) -> LoopInstant { LoopInstant(nanoseconds: nanoseconds) }

    @Test("gives what is due, the earliest first, and keeps the rest")
    func order() {
        var heap = TimerHeap<String>()
        for (instant, name) in [(30, "c"), (10, "a"), (40, "d"), (20, "b")] {
            _ = heap.insert(at: at(Int64(instant)), name)
        }
        #expect(heap.nextInstant == at(10))
        var due: [String] = []
        while let name = heap.removeFirst(dueAt: at(30)) { due.append(name) }
        #expect(due == ["a", "b", "c"])
        #expect(heap.count == 1)
        #expect(heap.nextInstant == at(40))
    }

    @Test("forgets a timer that is removed, once")
    func remove() {
        var heap = TimerHeap<String>()
        let first = heap.insert(at: at(1), "a")
        let second = heap.insert(at: at(2), "b")
        #expect(heap.remove(first) == "a")
        #expect(heap.remove(first) == nil)
        #expect(heap.nextInstant == at(2))
        #expect(heap.remove(second) == "b")
        #expect(heap.nextInstant == nil)
    }

    @Test("does not take a timer for a former one of the same place")
    func reuse() {
        var heap = TimerHeap<String>()
        let former = heap.insert(at: at(1), "a")
        #expect(heap.removeFirst(dueAt: at(1)) == "a")
        _ = heap.insert(at: at(1), "b")
        #expect(heap.remove(former) == nil)
        #expect(heap.count == 1)
    }

    @Test("agrees with a sorted list", arguments: [11, 12, 13] as [UInt64])
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var heap = TimerHeap<Int>()
        var model: [(id: TimerID, instant: Int64, number: Int)] = []
        for number in 0..<20_000 {
            switch Int.random(in: 0..<5, using: &generator) {
            case 0...2:
                let instant = Int64.random(in: 0..<500, using: &generator)
                model.append((heap.insert(at: at(instant), number), instant, number))
            case 3:
                guard let index = model.indices.randomElement(using: &generator) else { continue }
                let removed = model.remove(at: index)
                #expect(heap.remove(removed.id) == removed.number, "seed \(seed), step \(number)")
            default:
                let now = Int64.random(in: 0..<500, using: &generator)
                let due = heap.removeFirst(dueAt: at(now))
                let earliest = model.map(\.instant).min()
                guard let earliest, earliest <= now else {
                    #expect(due == nil, "seed \(seed), step \(number)")
                    continue
                }
                // Of those that are due at the same instant any may come first.
                let index = model.firstIndex { $0.number == due && $0.instant == earliest }
                guard let index else {
                    Issue.record(
                        "seed \(seed), step \(number): \(due.map(String.init) ?? "nothing") is not the earliest")
                    return
                }
                model.remove(at: index)
            }
            guard heap.count == model.count, heap.nextInstant?.nanoseconds == model.map(\.instant).min() else {
                Issue.record("seed \(seed), step \(number)")
                return
            }
            if model.count > 300 { model.removeAll { heap.remove($0.id) != nil } }
        }
    }
}

@Suite("An instant of a loop")
struct LoopInstantTests {
    @Test(
        "moves by a duration and stops where no number is left",
        arguments: [
            (0, Duration.seconds(2), 2_000_000_000), (5, .nanoseconds(-3), 2),
            (1_000_000_000, .milliseconds(-1500), -500_000_000),
            (Int64.max - 1, .nanoseconds(1), .max), (.max, .seconds(1), .max), (1, .seconds(Int64.max), .max),
            (.min + 1, .seconds(-1), .min), (-5, .seconds(Int64.min), .min), (0, .nanoseconds(999), 999),
        ] as [(Int64, Duration, Int64)])
    func advanced(_ start: Int64, _ duration: Duration, _ end: Int64) {
        #expect(LoopInstant(nanoseconds: start).advanced(by: duration) == LoopInstant(nanoseconds: end))
    }

    @Test("never runs backwards")
    func monotonic() {
        var last = LoopInstant.now()
        for _ in 0..<1000 {
            let now = LoopInstant.now()
            #expect(now >= last)
            last = now
        }
    }
}

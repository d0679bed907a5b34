import TelltaleServer
import TestSupport
import Testing

@Suite("The queue of log lines")
struct LogQueueTests {
    @Test("lines leave in order, together, and the queue is empty afterwards")
    func order() {
        var queue = LogQueue(bytesMax: 10)
        #expect(queue.isEmpty)
        queue.offer([1, 2])
        queue.offer([3])
        let batch = queue.takeAll()
        #expect(batch.bytes == [1, 2, 3] && batch.droppedCount == 0 && batch.sequence == 2)
        #expect(queue.isEmpty)
    }

    @Test("a line that does not fit is counted once, and shorter ones still fit")
    func full() {
        var queue = LogQueue(bytesMax: 3)
        queue.offer([1, 2])
        queue.offer([3, 4])
        queue.offer([5])
        let batch = queue.takeAll()
        #expect(batch.bytes == [1, 2, 5] && batch.droppedCount == 1 && batch.sequence == 3)
        #expect(queue.takeAll().droppedCount == 0)
    }

    @Test("what is reserved takes only lines that something waits for")
    func reserve() {
        var queue = LogQueue(bytesMax: 4, reservedBytes: 2)
        let offers: [(line: [UInt8], isAwaited: Bool)] = [
            ([1, 2], false), ([3], false), ([4, 5], true), ([6], true), ([7], false),
        ]
        let kept = offers.map { queue.offer($0.line, isAwaited: $0.isAwaited) }
        #expect(kept == [true, false, true, false, false])
        let batch = queue.takeAll()
        #expect(batch.bytes == [1, 2, 4, 5] && batch.droppedCount == 3)
    }

    @Test("a queue that only dropped is not empty, so that the loss is told")
    func onlyDropped() {
        var queue = LogQueue(bytesMax: 0)
        queue.offer([1])
        #expect(!queue.isEmpty)
        #expect(queue.takeAll().droppedCount == 1)
    }

    @Test("every line is either taken or counted as dropped", arguments: 1...4 as ClosedRange<UInt64>)
    func conservation(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = LogQueue(bytesMax: 50)
        var offered = 0
        var taken = 0
        for _ in 0..<1_000 {
            if Int.random(in: 0..<8, using: &random) == 0 {
                let batch = queue.takeAll()
                #expect(batch.bytes.count <= 50)
                taken += batch.bytes.count { $0 == 1 } + batch.droppedCount
            } else {
                // Each line is told by its single 1.
                queue.offer([1] + [UInt8](repeating: 0, count: Int.random(in: 0...20, using: &random)))
                offered += 1
            }
        }
        let batch = queue.takeAll()
        #expect(taken + batch.bytes.count { $0 == 1 } + batch.droppedCount == offered, "seed \(seed)")
        #expect(batch.sequence == UInt64(offered))
    }
}

/// Lines on their way to the writer: bounded, and honest about what did not fit. A value; its owner holds the lock.
package struct LogQueue: Sendable {
    /// What the writer takes at once.
    package struct Batch: Sendable {
        package var bytes: [UInt8]
        /// Lines dropped since the batch before.
        package var droppedCount: Int
        /// The number of the newest line in it or before it.
        package var sequence: UInt64
    }

    /// How many bytes wait at most.
    package let bytesMax: Int
    /// The number of the newest line offered, kept or not.
    package private(set) var sequence: UInt64 = 0
    private var bytes: [UInt8] = []
    private var droppedCount = 0

    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    package var isEmpty: Bool { bytes.isEmpty && droppedCount == 0 }

    /// Keeps a line, or counts it as dropped when the queue is full.
    package mutating func offer(_ line: [UInt8]) {
        sequence &+= 1
        if line.count <= bytesMax - bytes.count {
            bytes.append(contentsOf: line)
        } else {
            droppedCount += 1
        }
    }

    /// All that waits; the queue is empty afterwards.
    package mutating func takeAll() -> Batch {
        defer {
            bytes = []
            droppedCount = 0
        }
        return Batch(bytes: bytes, droppedCount: droppedCount, sequence: sequence)
    }
}

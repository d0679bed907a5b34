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
    /// How many of them are kept free for lines that something waits for.
    package let reservedBytes: Int
    /// The number of the newest line offered, kept or not.
    package private(set) var sequence: UInt64 = 0
    private var bytes: [UInt8] = []
    private var droppedCount = 0

    package init(bytesMax: Int, reservedBytes: Int = 0) {
        self.bytesMax = bytesMax
        self.reservedBytes = reservedBytes
    }

    package var isEmpty: Bool { bytes.isEmpty && droppedCount == 0 }

    /// Keeps a line, or counts it as dropped when the queue is full.
    ///
    /// - Parameters:
    ///   - line: The line with its line break.
    ///   - isAwaited: Whether something waits for it: then it may use what is reserved.
    /// - Returns: Whether it is kept.
    @discardableResult
    package mutating func offer(_ line: [UInt8], isAwaited: Bool = false) -> Bool {
        sequence &+= 1
        guard line.count <= bytesMax - (isAwaited ? 0 : reservedBytes) - bytes.count else {
            droppedCount += 1
            return false
        }
        bytes.append(contentsOf: line)
        return true
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

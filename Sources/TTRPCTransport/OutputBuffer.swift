import TTRPCCore

/// Frames on their way out: one buffer per loop, lent to whichever connection is being served, so that an idle
/// connection holds none and all replies of one read leave with one write.
package final class OutputBuffer {
    /// Kept between uses; what a burst needs beyond it is given back.
    static let capacityKept = 256 << 10

    private var storage: UnsafeMutableRawBufferPointer
    /// Bytes written so far.
    package private(set) var count = 0
    /// A frame was too large. Whoever wants to know clears it first.
    var hasRefused = false

    init() {
        storage = .allocate(byteCount: Self.capacityKept, alignment: 16)
    }

    deinit { storage.deallocate() }

    /// What has been written.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }

    /// Appends one frame, whose data `fill` writes: it gets exactly `dataByteCount` uninitialised bytes. Over the
    /// protocol's limit nothing is written, and ``hasRefused`` says so.
    @inline(__always)
    func appendFrame(
        _ type: MessageType, _ id: StreamID, flags: FrameFlags = FrameFlags(), dataByteCount: Int,
        _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        guard dataByteCount <= FrameDecoder.dataBytesLimit else {
            hasRefused = true
            return
        }
        let total = FrameHeader.byteCount + dataByteCount
        if storage.count - count < total { grow(toHold: count + total) }
        let frame = UnsafeMutableRawBufferPointer(rebasing: storage[count..<count + total])
        FrameHeader(dataByteCount: UInt32(dataByteCount), streamID: id, type: type, flags: flags).write(to: frame)
        fill(UnsafeMutableRawBufferPointer(rebasing: frame[FrameHeader.byteCount...]))
        count += total
    }

    /// Appends frames with the same data on several streams; `streamsMax` are reckoned with. Refuses as
    /// ``appendFrame(_:_:flags:dataByteCount:_:)`` does, all of them.
    func appendFrames(
        _ type: MessageType, upTo streamsMax: Int, of ids: some Sequence<StreamID>, data: UnsafeRawBufferPointer
    ) {
        guard data.count <= FrameDecoder.dataBytesLimit else {
            hasRefused = true
            return
        }
        let total = FrameHeader.byteCount + data.count
        if storage.count - count < streamsMax * total { grow(toHold: count + streamsMax * total) }
        // The object is looked at once and not for each frame.
        let storage = storage
        var end = count
        for id in ids {
            precondition(storage.count - end >= total, "more streams than were reckoned with")
            let frame = UnsafeMutableRawBufferPointer(rebasing: storage[end..<end + total])
            FrameHeader(dataByteCount: UInt32(data.count), streamID: id, type: type).write(to: frame)
            if data.count > 0 {
                UnsafeMutableRawBufferPointer(rebasing: frame[FrameHeader.byteCount...]).copyMemory(from: data)
            }
            end += total
        }
        count = end
    }

    /// Takes back what was written after `mark`, a former ``count``.
    func truncate(to mark: Int) { count = mark }

    /// Empties the buffer for the next connection.
    func reset() {
        count = 0
        guard storage.count > Self.capacityKept else { return }
        storage.deallocate()
        storage = .allocate(byteCount: Self.capacityKept, alignment: 16)
    }

    private func grow(toHold byteCount: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(byteCount, storage.count * 2), alignment: 16)
        larger.copyMemory(from: bytes)
        storage.deallocate()
        storage = larger
    }
}

extension FrameHeader {
    @inline(__always)
    fileprivate func write(to frame: UnsafeMutableRawBufferPointer) {
        let words = littleEndianWords
        frame.storeBytes(of: words.0.littleEndian, toByteOffset: 0, as: UInt64.self)
        frame.storeBytes(of: words.1.littleEndian, toByteOffset: 8, as: UInt16.self)
    }
}

/// Where a loop reads into, whichever connection it serves.
final class ReadBuffer {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    deinit { bytes.deallocate() }
}

/// Bytes that a socket has not taken yet. Holds memory only while there are some.
struct PendingOutput {
    private var bytes: [UInt8] = []
    private var offset = 0

    var count: Int { bytes.count - offset }
    var isEmpty: Bool { offset == bytes.count }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        if offset > 0, offset >= bytes.count / 2 {
            bytes.removeSubrange(..<offset)
            offset = 0
        }
        bytes.append(contentsOf: more)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
    }

    mutating func consume(_ count: Int) {
        offset += count
        if offset == bytes.count {
            bytes = []
            offset = 0
        }
    }
}

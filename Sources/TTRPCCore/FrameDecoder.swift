/// Why bytes cannot be frames. Nothing after them can be trusted, so the connection ends.
package enum FrameError: Error, Hashable, Sendable {
    /// The header announces more than the limit; with a limit below 16 MiB this includes a first byte that is not zero,
    /// which the protocol reserves.
    case oversized(announcedBytes: UInt32, limitBytes: Int)
}

/// Finds frames in a span of bytes. It holds no state: what is not yet a whole frame stays with the caller.
package struct FrameDecoder: Sendable {
    /// The protocol's limit on a frame's data: 4 MiB.
    package static let dataBytesLimit = 4 << 20

    /// The largest data length accepted, at most ``dataBytesLimit``.
    package let dataBytesMax: Int

    package init(dataBytesMax: Int = Self.dataBytesLimit) {
        self.dataBytesMax = min(max(dataBytesMax, 0), Self.dataBytesLimit)
    }

    /// A frame found: its header, and where its data lies in the span.
    package struct Frame: Hashable, Sendable {
        package let header: FrameHeader
        package let data: Range<Int>

        @inlinable
        init(header: FrameHeader, data: Range<Int>) {
            self.header = header
            self.data = data
        }
    }

    /// The next frame at `offset`, or nil when it is not whole yet.
    ///
    /// - Throws: ``FrameError`` as soon as the ten bytes of a header announce too much.
    @inlinable
    package func nextFrame(in bytes: Span<UInt8>, at offset: Int) throws(FrameError) -> Frame? {
        let available = bytes.count - offset
        guard available >= FrameHeader.byteCount else { return nil }
        let header = FrameHeader(decoding: bytes, at: offset)
        let dataByteCount = Int(header.dataByteCount)
        guard dataByteCount <= dataBytesMax else {
            throw .oversized(announcedBytes: header.dataByteCount, limitBytes: dataBytesMax)
        }
        guard available - FrameHeader.byteCount >= dataByteCount else { return nil }
        let start = offset + FrameHeader.byteCount
        return Frame(header: header, data: start..<start + dataByteCount)
    }
}

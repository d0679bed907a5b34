import TTRPCCore

/// Frames as bytes, written by the table of PROTOCOL.md and by nothing of the code under test.
enum WireBytes {
    static func frame(
        _ type: UInt8, _ id: UInt32, flags: UInt8 = 0, data: [UInt8] = [], announcing byteCount: UInt32? = nil
    ) -> [UInt8] {
        bigEndian(byteCount ?? UInt32(data.count)) + bigEndian(id) + [type, flags] + data
    }

    private static func bigEndian(_ word: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
}

extension FrameHeader {
    static func request(_ id: UInt32, _ flags: FrameFlags = FrameFlags()) -> Self {
        Self(dataByteCount: 0, streamID: StreamID(id), type: .request, flags: flags)
    }

    static func response(_ id: UInt32) -> Self {
        Self(dataByteCount: 0, streamID: StreamID(id), type: .response)
    }

    static func data(_ id: UInt32, _ flags: FrameFlags = FrameFlags(), byteCount: UInt32 = 1) -> Self {
        Self(dataByteCount: byteCount, streamID: StreamID(id), type: .data, flags: flags)
    }
}

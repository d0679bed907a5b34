/// The three kinds of message of the ttrpc protocol (PROTOCOL.md, "Message Types").
package enum MessageType: UInt8, Sendable {
    /// Opens a stream, or is a unary call.
    case request = 0x01
    /// Ends a stream with a result or an error.
    case response = 0x02
    /// Data of a stream that is open.
    case data = 0x03
}

/// The flags of a frame, always seen from the receiver: `remote` is who sent the frame.
///
/// No flag is `FrameFlags()`. An array literal would go through generic code, and every answer of the hot path with it.
package struct FrameFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender will send no more data on the stream.
    package static let remoteClosed = Self(rawValue: 0x01)
    /// A request that opens a stream on which its sender goes on sending.
    package static let remoteOpen = Self(rawValue: 0x02)
    /// The frame carries no message, only its flags.
    package static let noData = Self(rawValue: 0x04)
    /// The end of a stream without a further message.
    package static let lastData = Self(rawValue: 0x05)
}

/// Names a stream within its connection: odd, growing, chosen by the client.
package struct StreamID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    @inlinable
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    package var description: String { String(rawValue) }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The ten bytes before every message: data length and stream id big-endian, then type and flags.
package struct FrameHeader: Hashable, Sendable {
    /// Bytes of a header on the wire.
    package static let byteCount = 10

    /// Bytes of data that follow the header.
    package var dataByteCount: UInt32
    package var streamID: StreamID
    /// As received: a type from a later version of the protocol is not an error by itself.
    package var type: UInt8
    package var flags: FrameFlags

    @inlinable
    package init(dataByteCount: UInt32, streamID: StreamID, type: UInt8, flags: FrameFlags) {
        self.dataByteCount = dataByteCount
        self.streamID = streamID
        self.type = type
        self.flags = flags
    }

    package init(dataByteCount: UInt32, streamID: StreamID, type: MessageType, flags: FrameFlags = FrameFlags()) {
        self.init(dataByteCount: dataByteCount, streamID: streamID, type: type.rawValue, flags: flags)
    }

    /// Whether a data frame carries a message. A closing frame without a byte is a bare close even when its sender left out
    /// ``FrameFlags/noData``, which is younger than the protocol; any other frame without a byte is an empty message.
    package var carriesData: Bool {
        !flags.contains(.noData) && !(flags.contains(.remoteClosed) && dataByteCount == 0)
    }

    /// Reads the header at `offset`; the caller has checked that ten bytes are there.
    @inlinable
    package init(decoding bytes: Span<UInt8>, at offset: Int) {
        precondition(
            offset >= 0 && bytes.count - offset >= Self.byteCount, "Cannot decode a header from fewer than ten bytes")
        // The ten bytes are there, so the loads are in bounds; byte by byte each would be checked again.
        let (words, tail) = unsafe bytes.withUnsafeBytes { raw in
            unsafe (
                raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt16.self)
            )
        }
        let (big, small) = (UInt64(bigEndian: words), UInt16(bigEndian: tail))
        self.init(
            dataByteCount: UInt32(truncatingIfNeeded: big >> 32), streamID: StreamID(UInt32(truncatingIfNeeded: big)),
            type: UInt8(truncatingIfNeeded: small >> 8),
            flags: FrameFlags(rawValue: UInt8(truncatingIfNeeded: small)))
    }

    /// The ten bytes as two machine words, in the order in which they stand in memory on a little-endian host: eight
    /// bytes of length and stream, then two of type and flags. For writers that store words.
    @inlinable
    package var littleEndianWords: (UInt64, UInt16) {
        (
            UInt64(dataByteCount.byteSwapped) | UInt64(streamID.rawValue.byteSwapped) << 32,
            UInt16(type) | UInt16(flags.rawValue) << 8
        )
    }
}

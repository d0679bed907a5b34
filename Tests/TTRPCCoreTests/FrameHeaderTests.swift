import TTRPCCore
import TestSupport
import Testing

@Suite("A frame's header")
struct FrameHeaderTests {
    private static let samples: [FrameHeader] = [
        FrameHeader(dataByteCount: 0, streamID: StreamID(0), type: 0, flags: FrameFlags()),
        FrameHeader(dataByteCount: 1, streamID: StreamID(1), type: .request),
        FrameHeader(dataByteCount: 0x0102_0304, streamID: StreamID(0x0506_0708), type: 9, flags: .lastData),
        FrameHeader(dataByteCount: .max, streamID: StreamID(.max), type: .max, flags: FrameFlags(rawValue: .max)),
    ]

    @Test("is decoded as the protocol lays it out", arguments: samples)
    func decode(_ header: FrameHeader) {
        let bytes = WireBytes.frame(
            header.type, header.streamID.rawValue, flags: header.flags.rawValue, announcing: header.dataByteCount)
        #expect(bytes.count == FrameHeader.byteCount)
        #expect(FrameHeader(decoding: bytes.span, at: 0) == header)
    }

    @Test("is decoded wherever it stands", arguments: 0...9)
    func decode(at offset: Int) {
        let bytes = [UInt8](repeating: 0xAA, count: offset) + WireBytes.frame(2, 77, flags: 1, announcing: 5)
        let expected = FrameHeader(dataByteCount: 5, streamID: StreamID(77), type: .response, flags: .remoteClosed)
        #expect(FrameHeader(decoding: bytes.span, at: offset) == expected)
    }

    @Test("is written as two words that stand in memory as the protocol lays it out", arguments: samples)
    func encode(_ header: FrameHeader) {
        let words = header.littleEndianWords
        let bytes =
            (0..<8).map { UInt8(truncatingIfNeeded: words.0 >> (8 * $0)) }
            + (0..<2).map { UInt8(truncatingIfNeeded: words.1 >> (8 * $0)) }
        #expect(FrameHeader(decoding: bytes.span, at: 0) == header)
    }

    @Test("survives the way out and back, whatever is in it")
    func roundTrip() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<1000 {
            let header = FrameHeader(
                dataByteCount: .random(in: 0 ... .max, using: &generator),
                streamID: StreamID(.random(in: 0 ... .max, using: &generator)),
                type: .random(in: 0 ... .max, using: &generator),
                flags: FrameFlags(rawValue: .random(in: 0 ... .max, using: &generator)))
            encode(header)
            decode(header)
        }
    }

    @Test("names the flags as the protocol does")
    func flags() {
        #expect(FrameFlags.remoteClosed.rawValue == 0x01)
        #expect(FrameFlags.remoteOpen.rawValue == 0x02)
        #expect(FrameFlags.noData.rawValue == 0x04)
        #expect(FrameFlags.lastData == [.remoteClosed, .noData])
    }

    @Test("of fewer than ten bytes is the caller's mistake")
    func tooShort() async {
        await #expect(processExitsWith: .failure) {
            _ = FrameHeader(decoding: [UInt8](repeating: 0, count: 9).span, at: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = FrameHeader(decoding: [UInt8](repeating: 0, count: 20).span, at: -1)
        }
    }
}

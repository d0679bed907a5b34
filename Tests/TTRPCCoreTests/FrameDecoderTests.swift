import TTRPCCore
import Testing

@Suite("The frame decoder")
struct FrameDecoderTests {
    /// A decoded frame with its bytes, to compare.
    private struct Found: Equatable {
        var header: FrameHeader
        var data: [UInt8]
    }

    /// What a caller does: it keeps what is not a whole frame, and adds what comes next.
    private static func decode(
        _ chunks: [ArraySlice<UInt8>], by decoder: FrameDecoder = FrameDecoder()
    ) throws -> (frames: [Found], rest: [UInt8]) {
        var (frames, buffer): ([Found], [UInt8]) = ([], [])
        for chunk in chunks {
            buffer += chunk
            var offset = 0
            while let frame = try decoder.nextFrame(in: buffer.span, at: offset) {
                frames.append(Found(header: frame.header, data: Array(buffer[frame.data])))
                offset = frame.data.upperBound
            }
            buffer.removeFirst(offset)
        }
        return (frames, buffer)
    }

    private static let stream: [UInt8] =
        WireBytes.frame(1, 1, data: Array("hello".utf8)) + WireBytes.frame(3, 1, flags: 5)
        + WireBytes.frame(1, 3, flags: 2, data: [UInt8](repeating: 0xFF, count: 300))
        + WireBytes.frame(0x7F, 0, flags: 0xFF, data: [0])

    @Test("finds all frames of a whole stream")
    func whole() throws {
        let (frames, rest) = try Self.decode([Self.stream[...]])
        #expect(frames.map(\.header.streamID.rawValue) == [1, 1, 3, 0])
        #expect(frames.map(\.header.type) == [1, 3, 1, 0x7F])
        #expect(frames.map(\.data.count) == [5, 0, 300, 1])
        #expect(frames[0].data == Array("hello".utf8))
        #expect(rest.isEmpty)
    }

    @Test("finds the same frames wherever the stream is split")
    func split() throws {
        let whole = try Self.decode([Self.stream[...]]).frames
        for index in 0...Self.stream.count {
            let (frames, rest) = try Self.decode([Self.stream[..<index], Self.stream[index...]])
            #expect(frames == whole, "split at \(index)")
            #expect(rest.isEmpty)
        }
    }

    @Test("finds the same frames byte by byte")
    func drip() throws {
        let chunks = Self.stream.indices.map { Self.stream[$0...$0] }
        #expect(try Self.decode(chunks).frames == Self.decode([Self.stream[...]]).frames)
    }

    @Test("keeps what is not a whole frame", arguments: [1, 9, 10, 11, 14])
    func incomplete(_ byteCount: Int) throws {
        let (frames, rest) = try Self.decode([Self.stream[..<byteCount]])
        #expect(frames.isEmpty)
        #expect(rest == Array(Self.stream[..<byteCount]))
    }

    @Test("takes 4 MiB of data and not a byte more")
    func limit() throws {
        let largest = WireBytes.frame(1, 1, data: [UInt8](repeating: 1, count: 4 << 20))
        #expect(try Self.decode([largest[...]]).frames.first?.data.count == 4 << 20)
        let larger = WireBytes.frame(1, 1, announcing: 4 << 20 + 1)
        #expect(throws: FrameError.oversized(announcedBytes: 4 << 20 + 1, limitBytes: 4 << 20)) {
            try Self.decode([larger[...]])
        }
    }

    @Test("refuses a first byte that is not zero, which the protocol reserves", arguments: [1, 0x7F, 0xFF] as [UInt8])
    func reservedByte(_ first: UInt8) {
        var bytes = WireBytes.frame(1, 1)
        bytes[0] = first
        #expect(throws: FrameError.self) { try Self.decode([bytes[...]]) }
    }

    @Test("refuses as soon as the header is there, and not before")
    func early() throws {
        let header = WireBytes.frame(1, 1, announcing: .max)
        #expect(try Self.decode([header[..<9]]).frames.isEmpty)
        #expect(throws: FrameError.self) { try Self.decode([header[...]]) }
    }

    @Test("finds the frames before the one it refuses")
    func partial() throws {
        let bytes = WireBytes.frame(1, 1) + WireBytes.frame(1, 3, announcing: .max)
        let decoder = FrameDecoder()
        let first = try #require(try decoder.nextFrame(in: bytes.span, at: 0))
        #expect(throws: FrameError.self) { try decoder.nextFrame(in: bytes.span, at: first.data.upperBound) }
    }

    @Test("keeps to a lower limit, and to no higher one", arguments: [(-1, 0), (0, 0), (16, 16), (1 << 30, 4 << 20)])
    func configured(_ asked: Int, _ limit: Int) throws {
        let decoder = FrameDecoder(dataBytesMax: asked)
        #expect(decoder.dataBytesMax == limit)
        let fits = WireBytes.frame(1, 1, announcing: UInt32(limit))
        _ = try decoder.nextFrame(in: fits.span, at: 0)
        let tooLarge = WireBytes.frame(1, 1, announcing: UInt32(limit) + 1)
        #expect(throws: FrameError.oversized(announcedBytes: UInt32(limit) + 1, limitBytes: limit)) {
            try decoder.nextFrame(in: tooLarge.span, at: 0)
        }
    }
}

import HTTPClient
import Testing

struct ResponseCollectorTests {
    static func collector(_ lines: [String], bodyBytesMax: Int = 10) throws -> ResponseCollector {
        var collector = ResponseCollector(bodyBytesMax: bodyBytesMax)
        for line in lines { try collector.received(headerLine: Array(line.utf8)) }
        return collector
    }

    @Test("fields are taken without the blanks around them, in order")
    func fields() throws {
        let collector = try Self.collector([
            "HTTP/1.1 200 OK\r\n", "A:  1 \t\r\n", "b:two: three\r\n", "A: 2\r\n", "Empty:\r\n", "no colon\r\n", "\r\n",
        ])
        #expect(collector.headers.fields.map(\.name) == ["A", "b", "A", "Empty"])
        #expect(collector.headers.fields.map(\.value) == ["1", "two: three", "2", ""])
        #expect(collector.headersAreComplete)
    }

    @Test("the answer after an interim one begins anew")
    func interim() throws {
        let collector = try Self.collector([
            "HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "A: 1\r\n",
        ])
        #expect(collector.headers.fields.map(\.name) == ["A"])
        #expect(!collector.headersAreComplete)
    }

    @Test("trailers are left out")
    func trailers() throws {
        var collector = try Self.collector(["HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n"])
        try collector.received(bodyPart: [1])
        try collector.received(headerLine: Array("Location: https://evil.test/\r\n".utf8))
        #expect(collector.headers["location"] == nil)
    }

    @Test("bytes that are no UTF-8 are replaced and not lost")
    func foreignBytes() throws {
        var collector = ResponseCollector(bodyBytesMax: 0)
        try collector.received(headerLine: Array("A: ".utf8) + [0xFF] + Array("x\r\n".utf8))
        #expect(collector.headers["A"] == "\u{FFFD}x")
    }

    @Test("a body may fill its bound to the last byte, whole or byte by byte, and no more")
    func bodyBound() throws {
        var whole = ResponseCollector(bodyBytesMax: 10)
        try whole.received(bodyPart: Array(repeating: 7, count: 10))
        var split = ResponseCollector(bodyBytesMax: 10)
        for _ in 0..<10 { try split.received(bodyPart: [7]) }
        #expect(whole.body == split.body)
        #expect(throws: HTTPClientError.self) { try split.received(bodyPart: [7]) }
        var tooLong = ResponseCollector(bodyBytesMax: 10)
        #expect(throws: HTTPClientError.self) { try tooLong.received(bodyPart: Array(repeating: 7, count: 11)) }
        #expect(tooLong.body.isEmpty)
    }

    @Test("headers may fill their bound over all lines together, and no more")
    func headerBound() throws {
        var collector = ResponseCollector(bodyBytesMax: 0)
        let line = Array("A: \(String(repeating: "x", count: 1019))\r\n".utf8)
        for _ in 0..<(ResponseCollector.headerBytesMax / line.count) { try collector.received(headerLine: line) }
        #expect(throws: HTTPClientError.self) { try collector.received(headerLine: line) }
    }
}

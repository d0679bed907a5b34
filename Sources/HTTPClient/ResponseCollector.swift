/// Gathers one answer as it comes in, and stops at its bounds.
package struct ResponseCollector {
    /// Bound on the header fields of one answer together, interim answers and trailers included.
    package static let headerBytesMax = 64 << 10

    /// Decoded bytes: a small compressed body that unfolds into a large one ends here too.
    package let bodyBytesMax: Int
    package private(set) var headers = HTTPHeaders()
    package private(set) var body: [UInt8] = []
    /// Whether the blank line after the fields was seen.
    package private(set) var headersAreComplete = false
    private var headerByteCount = 0

    package init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

    /// Takes one whole header line, its line end included: a status line, a field, or the blank line.
    package mutating func received(headerLine line: some Collection<UInt8>) throws(HTTPClientError) {
        headerByteCount += line.count
        guard headerByteCount <= Self.headerBytesMax else {
            throw HTTPClientError(
                kind: .malformedResponse, detail: "The answer's headers are longer than \(Self.headerBytesMax) bytes.")
        }
        if headersAreComplete || headers.fields.isEmpty, line.starts(with: Self.statusLineStart) {
            // The final answer after an interim one (103 Early Hints) begins anew.
            headers = HTTPHeaders()
            headersAreComplete = false
            return
        }
        // Trailers come after the body and are not asked for.
        guard !headersAreComplete else { return }
        let text = Self.trimmed(Substring(decoding: line, as: UTF8.self))
        if text.isEmpty {
            headersAreComplete = true
        } else if let colon = text.firstIndex(of: ":") {
            headers.append(
                name: String(Self.trimmed(text[..<colon])),
                value: String(Self.trimmed(text[text.index(after: colon)...])))
        }
    }

    /// Takes a piece of the body.
    package mutating func received(bodyPart part: some Collection<UInt8>) throws(HTTPClientError) {
        guard part.count <= bodyBytesMax - body.count else {
            throw HTTPClientError(
                kind: .bodyTooLarge, detail: "The answer's body is longer than \(bodyBytesMax) bytes.")
        }
        body.append(contentsOf: part)
    }

    private static let statusLineStart = Array("HTTP/".utf8)

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.unicodeScalars.first, isBlank(first) { text.unicodeScalars.removeFirst() }
        while let last = text.unicodeScalars.last, isBlank(last) { text.unicodeScalars.removeLast() }
        return text
    }

    /// By scalar, since "\r\n" is one character to Swift.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
    }
}

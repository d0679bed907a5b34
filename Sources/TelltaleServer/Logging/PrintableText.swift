import StatusModel

/// Text from outside, made fit for one line of a terminal or a log: it can neither end the line nor repaint it.
package enum PrintableText {
    /// Longer text is cut when it is quoted.
    static let quotedBytesMax = 64

    /// Whether a character shows as itself: no control, no line or paragraph separator, nothing invisible or unassigned,
    /// nothing that turns the direction of text (Unicode Technical Report 36 §2.2).
    package static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }

    /// The text in double quotes for a message to people, cut to ``quotedBytesMax`` bytes.
    package static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        appendEscaped(text, to: &bytes, bytesMax: quotedBytesMax)
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text as the inside of a JSON string (RFC 8259 §7), at most `bytesMax` bytes and an ellipsis; whatever
    /// is not printable is escaped.
    static func appendEscaped(_ text: String, to bytes: inout [UInt8], bytesMax: Int) {
        let end = bytes.count + bytesMax
        for scalar in text.unicodeScalars {
            let length = bytes.count
            appendEscaped(scalar, to: &bytes)
            guard bytes.count <= end else {
                bytes.removeSubrange(length...)
                bytes.append(contentsOf: "…".utf8)
                return
            }
        }
    }

    private static func appendEscaped(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"", "\\":
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        case "\n": bytes.append(contentsOf: "\\n".utf8)
        case "\r": bytes.append(contentsOf: "\\r".utf8)
        case "\t": bytes.append(contentsOf: "\\t".utf8)
        case _ where isPrintable(scalar):
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default:
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter { appendEscaped(unit, to: &bytes) }
        }
    }

    private static func appendEscaped(_ unit: UInt16, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\\u".utf8)
        bytes.append(contentsOf: unit.zeroPadded(to: 4, radix: 16).utf8)
    }
}

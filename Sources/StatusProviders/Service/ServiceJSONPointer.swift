/// The way to one value within a JSON document (RFC 6901).
package struct ServiceJSONPointer: Hashable, Sendable {
    /// The longest text accepted.
    package static let textBytesMax = 512
    /// How deep a pointer may lead.
    package static let tokensMax = 32

    /// The steps, unescaped; none is the whole document.
    package let tokens: [String]

    /// Nil when the text neither is empty nor begins with a slash, holds a `~` that escapes nothing (§3), or is longer
    /// or deeper than its bounds.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.textBytesMax else { return nil }
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        let parts = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= Self.tokensMax else { return nil }
        var tokens: [String] = []
        for part in parts {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// The value it leads to; nil when there is none.
    package func value(in document: JSONValue) -> JSONValue? {
        var value = document
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Self.index(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// `~1` is a slash and `~0` a tilde; left to right, so that `~01` is `~1` (§4).
    private static func unescaped(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = part[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Digits without leading zeros (§4); nil for anything else, and for `-`, which is the element after the last.
    private static func index(_ token: String) -> Int? {
        let isDigits = token.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, token == "0" || token.utf8.first != UInt8(ascii: "0") else { return nil }
        return Int(token)
    }
}

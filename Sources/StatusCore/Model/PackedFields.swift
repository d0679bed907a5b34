/// Named texts in one block of memory. As a dictionary of strings they take several times as much, which counts where
/// each of forty thousand readings has some.
struct PackedFields: Hashable, Sendable {
    /// Names and texts in turn, by name, each behind its length; so equal fields are equal bytes.
    private let bytes: [UInt8]

    init(_ fields: [String: String]) {
        var bytes: [UInt8] = []
        for (name, text) in fields.sorted(by: { $0.key < $1.key }) {
            Self.append(name, to: &bytes)
            Self.append(text, to: &bytes)
        }
        // A copy has no room for more.
        self.bytes = Array(bytes[...])
    }

    var fields: [String: String] {
        var fields: [String: String] = [:]
        var rest = bytes[...]
        while let name = Self.take(from: &rest), let text = Self.take(from: &rest) { fields[name] = text }
        return fields
    }

    /// The length goes before the text, seven bits a byte, the lowest first, the top bit set on all but the last.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var length = UInt(text.utf8.count)
        while length >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        bytes.append(contentsOf: text.utf8)
    }

    private static func take(from rest: inout ArraySlice<UInt8>) -> String? {
        var length = 0
        var shift = 0
        while let byte = rest.popFirst() {
            length |= Int(byte & 0x7F) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            let text = String(decoding: rest.prefix(length), as: UTF8.self)
            rest = rest.dropFirst(length)
            return text
        }
        return nil
    }
}

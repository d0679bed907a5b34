import StatusCore

/// What a program was told in confidence, and whether what it wrote tells it on.
struct CommandSecrets {
    /// A shorter line of a secret of several gives nothing away.
    private static let lineBytesMin = 8
    private static let escapes: [UInt16: UInt16] = [
        UInt16(UInt8(ascii: "n")): 0x0A, UInt16(UInt8(ascii: "r")): 0x0D, UInt16(UInt8(ascii: "t")): 0x09,
        UInt16(UInt8(ascii: "b")): 0x08, UInt16(UInt8(ascii: "f")): 0x0C,
    ]

    /// Each whole, and each line of one.
    private let parts: [[UInt8]]

    init(_ secrets: some Sequence<Secret> = [] as [Secret]) {
        parts = secrets.flatMap { secret in
            let bytes = Array(secret.reveal().utf8)
            let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }.map(Array.init)
            return [bytes] + lines.filter { $0.count >= Self.lineBytesMin }
        }.filter { !$0.isEmpty }
    }

    /// Whether a text holds one of them, as it stands or with the escapes of JSON undone.
    func stand(in text: String) -> Bool {
        guard !parts.isEmpty else { return false }
        // Bytes, for what Unicode holds for one character may be two to a secret.
        let spellings = [Array(text.utf8), Array(Self.unescaped(text).utf8)]
        return parts.contains { part in spellings.contains { $0.contains(part) } }
    }

    /// The same of a value's texts.
    func stand(in value: ConfigValue) -> Bool {
        switch value {
        case .string(let text): stand(in: text)
        case .array(let values): values.contains { stand(in: $0) }
        case .object(let members): members.contains { stand(in: $0.key) || stand(in: $0.value) }
        case .null, .boolean, .number: false
        }
    }

    private static func unescaped(_ text: String) -> String {
        var units: [UInt16] = []
        var rest = Array(text.utf16)[...]
        while let unit = rest.popFirst() {
            guard unit == UInt16(UInt8(ascii: "\\")), let mark = rest.popFirst() else {
                units.append(unit)
                continue
            }
            let digits = rest.prefix(4)
            if mark == UInt16(UInt8(ascii: "u")), let code = UInt16(String(decoding: digits, as: UTF16.self), radix: 16)
            {
                units.append(code)
                rest = rest.dropFirst(digits.count)
            } else {
                units.append(escapes[mark] ?? mark)
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}

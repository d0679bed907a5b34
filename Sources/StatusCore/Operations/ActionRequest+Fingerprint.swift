package import StatusModel

extension ActionRequest {
    /// What makes two requests the same, as bytes to be digested: where, what, and with which parameters. Neither the key
    /// nor who asks is part of it.
    package var fingerprintBytes: [UInt8] {
        // Each part with its length before it, so that no two requests give the same bytes.
        [projectID.rawValue, key.description, action].flatMap { Self.counted(Array($0.utf8)) }
            + Self.counted(Self.isEmpty(payload) ? [] : payload)
    }

    /// Whether a payload says nothing: no bytes, or an object without members.
    package static func isEmpty(_ payload: [UInt8]) -> Bool {
        let marks = payload.filter { !whitespace.contains($0) }
        return marks.isEmpty || marks == Array("{}".utf8)
    }

    /// A UUID (RFC 9562) in lower case; nil for any other key.
    package var normalisedKey: String? {
        let key = idempotencyKey.lowercased()
        guard key.utf8.count == 36 else { return nil }
        let isWellFormed = key.utf8.enumerated().allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: Self.hexadecimal.contains(byte)
            }
        }
        return isWellFormed ? key : nil
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }

    private static let whitespace = Set(" \t\r\n".utf8)
    private static let hexadecimal = Set("0123456789abcdef".utf8)
}

package import StatusModel

extension ActionRequest {
    /// How many values a payload may hold, at whatever depth.
    package static let payloadValuesMax = 4_096
    /// How deep its objects and lists may nest.
    package static let payloadDepthMax = 32

    /// What makes two requests the same, as bytes to be digested: where, what, and with which parameters, however those are
    /// spelled. Neither the key nor who asks is part of it.
    ///
    /// - Throws: ``ActionFailure`` for a payload that is no JSON object, or names a member twice.
    package var fingerprintBytes: [UInt8] {
        get throws(ActionFailure) {
            let payload = try canonicalPayload
            // Each part with its length before it, so that no two requests give the same bytes.
            return [projectID.rawValue, key.description, action].flatMap { Self.counted(Array($0.utf8)) }
                + Self.counted(payload)
        }
    }

    /// The payload in the one spelling that all spellings of it share; empty for one that says nothing.
    private var canonicalPayload: [UInt8] {
        get throws(ActionFailure) {
            guard !payload.allSatisfy(Self.whitespace.contains) else { return [] }
            let spelling = try PayloadScanner.spelling(of: payload)
            return spelling == Array("{}".utf8) ? [] : spelling
        }
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

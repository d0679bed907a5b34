import CCrypto

/// SHA-256 (FIPS 180-4).
package enum SHA256Digest {
    /// The 32 bytes of the digest.
    package static func bytes(of message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, byteCount in
            // The one-shot form keeps its context on the stack and so has no way to fail.
            _ = SHA256(message, message.count, digest.baseAddress)
            byteCount = Int(SHA256_DIGEST_LENGTH)
        }
    }

    /// The digest as 64 lower-case hexadecimal digits.
    package static func hex(of message: [UInt8]) -> String {
        Hexadecimal.encode(bytes(of: message))
    }
}

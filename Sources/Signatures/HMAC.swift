import CCrypto

/// Keyed message authentication (RFC 2104) over the hashes that webhook senders use.
package enum HMAC {
    package enum Hash: Sendable {
        case sha1, sha256
    }

    /// The authentication code: 20 bytes with SHA-1, 32 with SHA-256. Key and message may be empty.
    ///
    /// Should libcrypto refuse the hash (a provider without SHA-1) the code is empty, and ``isEqual(_:_:)`` is then
    /// false against everything: verification fails closed.
    package static func code(_ hash: Hash, key: [UInt8], message: [UInt8]) -> [UInt8] {
        let algorithm =
            switch hash {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            }
        guard let keyByteCount = Int32(exactly: key.count) else { return [] }
        // An empty array may have no address, and libcrypto takes a null key for "the same key as before".
        let addressableKey = key + [0]
        return [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { code, byteCount in
            var written: UInt32 = 0
            let done = CCrypto.HMAC(
                algorithm, addressableKey, keyByteCount, message, message.count, code.baseAddress, &written)
            byteCount = done == nil ? 0 : Int(written)
        }
    }

    /// Whether two codes are the same, in a time that depends on their length alone. An empty code equals nothing:
    /// it stands for a code that could not be made.
    package static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard !left.isEmpty, left.count == right.count else { return false }
        return CRYPTO_memcmp(left, right, left.count) == 0
    }
}

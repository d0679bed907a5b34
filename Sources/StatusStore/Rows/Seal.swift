import Signatures

/// By what a flipped bit in a record is noticed: SQLite itself keeps no checksums of what it stores.
enum Seal {
    /// The first 8 bytes of SHA-256 over the record, big-endian.
    static func of(_ record: [UInt8]) -> Int64 {
        let first = SHA256Digest.bytes(of: record).prefix(8)
        return Int64(bitPattern: first.reduce(0) { $0 << 8 | UInt64($1) })
    }
}

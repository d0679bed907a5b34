import Glibc

/// Answers every request of the same bytes from peers of the same tag, without decoding it again. Confined to its loop.
package protocol PreparedCall: AnyObject {
    /// Writes the answer, if it can be given at once and nothing else must happen; false sends the request the long way.
    func answer(_ reply: Reply) -> Bool
}

/// The calls that one loop has prepared: readers ask the same again and again, so what their bytes mean is looked up
/// instead of decoded. A table of fixed size; a newer request takes the place of an older one.
struct PreparedCalls {
    /// Slots of the table, a power of two.
    private static let slotsMax = 256
    /// A longer request is not remembered.
    private static let requestBytesMax = 512

    private struct Slot {
        /// What was last seen here; a request is prepared when it comes the second time.
        var hash: UInt64 = 0
        var tag = 0
        var request: [UInt8] = []
        var call: (any PreparedCall)?
    }

    private var slots = [Slot](repeating: Slot(), count: slotsMax)

    /// The prepared call of a request; nil when there is none.
    @inline(__always)
    func find(_ request: UnsafeRawBufferPointer, tag: Int, hash: UInt64) -> (any PreparedCall)? {
        let index = Int(truncatingIfNeeded: hash) & (Self.slotsMax - 1)
        return slots.withUnsafeBufferPointer { slots in
            guard slots[index].hash == hash, slots[index].tag == tag, let call = slots[index].call,
                slots[index].request.count == request.count,
                let bytes = request.baseAddress,
                slots[index].request.withUnsafeBytes({ memcmp($0.baseAddress ?? bytes, bytes, request.count) == 0 })
            else { return nil }
            return call
        }
    }

    /// Notes a request that took the long way; true when it has come before and is worth preparing.
    mutating func note(_ request: UnsafeRawBufferPointer, tag: Int, hash: UInt64) -> Bool {
        guard request.count <= Self.requestBytesMax else { return false }
        let index = Int(truncatingIfNeeded: hash) & (Self.slotsMax - 1)
        // One that was asked for and declined is not asked for again; its bytes are kept to know it by.
        if slots[index].hash == hash { return slots[index].request.isEmpty || slots[index].tag != tag }
        slots[index] = Slot(hash: hash)
        return false
    }

    /// Keeps the prepared call of a request, or that there is none.
    mutating func keep(_ call: (any PreparedCall)?, for request: UnsafeRawBufferPointer, tag: Int, hash: UInt64) {
        let index = Int(truncatingIfNeeded: hash) & (Self.slotsMax - 1)
        slots[index] = Slot(hash: hash, tag: tag, request: [UInt8](request), call: call)
    }

    /// A hash for the table, and for nothing else: whoever finds two requests of one hash only makes both slower.
    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9FB2_1C65_1E98_DF25
            hash ^= hash >> 32
            offset += 8
        }
        while offset < bytes.count {
            hash = (hash ^ UInt64(bytes[offset])) &* 0x9FB2_1C65_1E98_DF25
            offset += 1
        }
        return hash ^ (hash >> 29)
    }
}

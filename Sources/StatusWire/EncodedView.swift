import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// A view encoded once, for every answer and every watch that shows it.
///
/// Protobuf messages may be concatenated: the beginning of a `GetStatusResponse` followed by its end is the whole. So a
/// hit copies ``responsePrefix`` and appends ``AnswerOrigin/appendResponseSuffix(to:in:)``.
package struct EncodedView: Hashable, Sendable {
    /// A `GetStatusResponse` of `envelope` and `hash` alone.
    package let responsePrefix: [UInt8]
    /// The prefix begins with field 1, the envelope, and so would a `StatusSnapshot`.
    private let envelopeFieldBytes: Int

    package init(_ envelope: StatusEnvelope, in arena: MessageArena) {
        (responsePrefix, envelopeFieldBytes) = arena.scoped {
            let message = arena.make(telltale__v1__get_status_response__init)
            message.pointee.envelope = envelope.message(in: arena)
            let envelopeFieldBytes = MessageArena.packedByteCount(message)
            message.pointee.hash = arena.text(envelope.hash)
            return (MessageArena.pack(message), envelopeFieldBytes)
        }
    }

    /// A `WatchResponse` that holds the view as the snapshot at `asOf`.
    package func snapshot(asOf: EventID, in arena: MessageArena) -> [UInt8] {
        let end = arena.scoped {
            let message = arena.make(telltale__v1__status_snapshot__init)
            message.pointee.as_of = asOf.message(in: arena)
            return MessageArena.pack(message)
        }
        var encoded: [UInt8] = [0x0A]  // `WatchResponse.snapshot`: field 1, length-delimited.
        encoded.reserveCapacity(envelopeFieldBytes + end.count + 11)
        encoded.appendVarint(envelopeFieldBytes + end.count)
        encoded += responsePrefix[..<envelopeFieldBytes]
        encoded += end
        return encoded
    }

    /// A `GetStatusResponse` that says the caller's digest still holds; to be encoded once for each digest.
    package static func notModifiedPrefix(hash: String, in arena: MessageArena) -> [UInt8] {
        arena.scoped {
            let message = arena.make(telltale__v1__get_status_response__init)
            message.pointee.not_modified = 1
            message.pointee.hash = arena.text(hash)
            return MessageArena.pack(message)
        }
    }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first, the top bit set on all but the last.
    fileprivate mutating func appendVarint(_ value: Int) {
        var rest = UInt(value)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

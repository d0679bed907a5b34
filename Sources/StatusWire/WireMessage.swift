package import ProtobufMessages

/// A domain value that is one protobuf message.
///
/// Bytes from a peer never trap: lengths are protobuf-c's to check, text, times, counts and names are checked here, a
/// field that is not known is skipped, and a value that an enum does not know becomes its `unrecognised`.
package protocol WireMessage {
    /// The struct that protoc-c generated.
    associatedtype Message

    /// Takes the value from its message, checked.
    init(message: Message) throws(WireError)

    /// Builds the message in the arena, valid until the end of the arena's scope.
    func message(in arena: MessageArena) -> UnsafeMutablePointer<Message>
}

/// A message that travels by itself, as the payload of a call.
package protocol WirePayload: WireMessage {
    /// Calls the generated `…__unpack`.
    static func unpack(_ bytes: UnsafeRawBufferPointer, in arena: MessageArena) -> UnsafePointer<Message>?
}

extension WireMessage {
    /// The value, encoded.
    @inlinable
    package func encoded(in arena: MessageArena) -> [UInt8] {
        arena.scoped { MessageArena.pack(message(in: arena)) }
    }
}

extension WirePayload {
    /// Reads the value. Nothing of `bytes` or of the arena is kept.
    @inlinable
    package init(decoding bytes: UnsafeRawBufferPointer, in arena: MessageArena) throws(WireError) {
        self = try arena.scoped { () throws(WireError) -> Self in
            guard let message = Self.unpack(bytes, in: arena) else { throw .malformed }
            return try Self(message: message.pointee)
        }
    }

    /// Reads the value.
    @inlinable
    package init(decoding bytes: [UInt8], in arena: MessageArena) throws(WireError) {
        let decoded = bytes.withUnsafeBytes { bytes in
            Result { () throws(WireError) in try Self(decoding: bytes, in: arena) }
        }
        self = try decoded.get()
    }
}

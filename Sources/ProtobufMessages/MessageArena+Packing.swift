package import CProtobufC

// `Message` is any struct that protoc-c generated: each begins with its `ProtobufCMessage`.
extension MessageArena {
    /// The encoded size of a message tree, in bytes.
    @inlinable
    package static func packedByteCount<Message>(_ message: UnsafePointer<Message>) -> Int {
        protobuf_c_message_get_packed_size(base(of: message))
    }

    /// Encodes a message tree; no arena is needed for it.
    @inlinable
    package static func pack<Message>(_ message: UnsafePointer<Message>) -> [UInt8] {
        let byteCount = packedByteCount(message)
        return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            count = protobuf_c_message_pack(base(of: message), buffer.baseAddress)
        }
    }

    /// Encodes a message tree to the start of `buffer`.
    ///
    /// - Returns: how many bytes were written; nil, with nothing written, when `buffer` is too small.
    @inlinable
    package static func pack<Message>(
        _ message: UnsafePointer<Message>, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let byteCount = packedByteCount(message)
        guard byteCount <= buffer.count else { return nil }
        guard let start = buffer.baseAddress, byteCount > 0 else { return 0 }
        return protobuf_c_message_pack(base(of: message), start.assumingMemoryBound(to: UInt8.self))
    }

    @inlinable
    static func base<Message>(of message: UnsafePointer<Message>) -> UnsafePointer<ProtobufCMessage> {
        UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
    }
}

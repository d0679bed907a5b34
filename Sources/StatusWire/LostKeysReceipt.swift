package import CTelltaleProtos
package import ProtobufMessages

/// What `AcceptLostKeys` answers; it is asked nothing.
package struct LostKeysReceipt: Hashable, Sendable {
    /// Whether keys counted as lost until now.
    package var isAccepted: Bool

    package init(isAccepted: Bool) { self.isAccepted = isAccepted }
}

extension LostKeysReceipt: WirePayload {
    package init(message: Telltale__V1__AcceptLostKeysResponse) {
        self.init(isAccepted: message.accepted != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__AcceptLostKeysResponse> {
        let message = arena.make(telltale__v1__accept_lost_keys_response__init)
        message.pointee.accepted = isAccepted ? 1 : 0
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__AcceptLostKeysResponse>? {
        arena.unpack(bytes, with: telltale__v1__accept_lost_keys_response__unpack)
    }
}

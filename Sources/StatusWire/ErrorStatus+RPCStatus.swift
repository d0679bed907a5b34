import CTelltaleProtos
package import ProtobufMessages
package import TTRPCCore

// Between the error that Telltale speaks of and the one that the transport carries: the details are encoded there.
extension ErrorStatus {
    /// The status for the transport.
    package func rpcStatus(in arena: MessageArena) -> RPCStatus {
        arena.scoped {
            let wire = message(in: arena).pointee
            let details = (0..<wire.n_details).compactMap { index in
                wire.details?[index].map { detail in
                    RPCStatus.Detail(
                        typeURL: String(field: detail.pointee.type_url) ?? "",
                        value: [UInt8](UnsafeRawBufferPointer(field: detail.pointee.value)))
                }
            }
            return RPCStatus(StatusCode(rawValue: code) ?? .unknown, message, details: details)
        }
    }
}

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

    /// What the transport carried. Details that are malformed or of another kind are left out.
    package init(_ status: RPCStatus) {
        let arena = MessageArena(firstBlockBytes: 1 << 10)
        self = arena.scoped {
            let wire = arena.make(google__rpc__status__init)
            wire.pointee.code = status.code.rawValue
            wire.pointee.message = arena.text(status.message)
            wire.pointee.n_details = status.details.count
            wire.pointee.details = arena.list(status.details) { detail in
                let any = arena.make(google__protobuf__any__init)
                any.pointee.type_url = arena.text(detail.typeURL)
                any.pointee.value = detail.value.withUnsafeBytes { arena.bytes($0) }
                return any
            }
            return ErrorStatus(message: wire.pointee)
        }
    }
}

import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport

/// On whose behalf a call is made. The ceiling was decided when the peer was accepted and is not asked for again.
struct Caller {
    let role: Role

    /// - Throws: `INVALID_ARGUMENT` when the metadata asserts a role or a user that cannot be.
    init(_ request: InboundRequest) throws(RPCStatus) {
        let ceiling = Role(tag: request.peer.tag)
        if let user = request.metadata("telltale-user"), !Principal.isWellFormedUser(user) {
            throw Self.refused(AccessRefusal.malformedUser, in: request.arena)
        }
        guard let asserted = request.metadata("telltale-role") else {
            role = ceiling
            return
        }
        guard let asserted = Role(rawValue: asserted) else {
            throw Self.refused(AccessRefusal.unknownRole, in: request.arena)
        }
        role = min(asserted, ceiling)
    }

    private static func refused(_ refusal: AccessRefusal, in arena: MessageArena) -> RPCStatus {
        let field = refusal.field ?? ""
        return ErrorStatus(
            code: StatusCode.invalidArgument.rawValue, message: refusal.message, reason: "METADATA_INVALID",
            violations: [ErrorStatus.FieldViolation(field: field, description: refusal.message)]
        ).rpcStatus(in: arena)
    }
}

extension Role {
    /// The ceiling that the admission handed on as its `index`; an unknown number is the least of roles.
    init(tag: Int) { self = Role.allCases.indices.contains(tag) ? Role.allCases[tag] : .viewer }
}

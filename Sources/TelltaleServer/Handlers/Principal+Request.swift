import LinuxSystem
import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport

extension Principal {
    /// On whose behalf a call is made. The ceiling was decided when the peer was accepted and is not asked for again.
    ///
    /// - Throws: `INVALID_ARGUMENT` when the metadata asserts a role or a user that cannot be.
    init(_ request: InboundRequest) throws(RPCStatus) {
        let credentials = request.peer.credentials
        do throws(AccessRefusal) {
            try self.init(
                peer: PeerIdentity(
                    userID: credentials.uid, groupID: credentials.gid, processID: credentials.pid),
                ceiling: Role(tag: request.peer.tag), assertedRole: request.metadata("telltale-role"),
                assertedUser: request.metadata("telltale-user"))
        } catch {
            throw Self.refused(error, in: request.arena)
        }
    }

    private static func refused(_ refusal: AccessRefusal, in arena: MessageArena) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.invalidArgument.rawValue, message: refusal.message, reason: "METADATA_INVALID",
            violations: [ErrorStatus.FieldViolation(field: refusal.field ?? "", description: refusal.message)]
        ).rpcStatus(in: arena)
    }
}

extension Role {
    /// The ceiling that the admission handed on as its `index`; an unknown number is the least of roles.
    init(tag: Int) { self = Role.allCases.indices.contains(tag) ? Role.allCases[tag] : .viewer }
}

import ProtobufMessages
import StatusCore
import StatusModel
import StatusWire
import TTRPCCore

/// The errors that several methods answer: code, stable reason, and a sentence that says what to do.
enum CallErrors {
    static func unknownProject(_ id: ProjectID, in arena: MessageArena = MessageArena()) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.notFound.rawValue,
            message: "There is no project \(id); `telltale projects` lists those that the daemon knows.",
            reason: "PROJECT_UNKNOWN", metadata: ["project_id": id.rawValue]
        ).rpcStatus(in: arena)
    }

    static func unknownItem(_ key: ItemKey, of id: ProjectID, in arena: MessageArena = MessageArena()) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.notFound.rawValue,
            message: "The project \(id) has no item \(key); `telltale status \(id)` lists those that it has.",
            reason: "ITEM_UNKNOWN", metadata: ["project_id": id.rawValue, "key": key.description]
        ).rpcStatus(in: arena)
    }

    /// The role may not do this, whatever it is done to.
    static func denied(_ sentence: String) -> RPCStatus {
        ErrorStatus(code: StatusCode.permissionDenied.rawValue, message: sentence, reason: "ROLE_DENIED")
            .rpcStatus(in: MessageArena())
    }

    static func invalid(_ error: WireError, in arena: MessageArena) -> RPCStatus {
        ErrorStatus(error).rpcStatus(in: arena)
    }

    /// What the protocol allows, and this project or this moment does not.
    static func invalid(_ field: String, _ reason: String, in arena: MessageArena = MessageArena()) -> RPCStatus {
        var error = WireError(field: "", reason: reason)
        error.field = field
        return invalid(error, in: arena)
    }

    /// A report of a run that the store cannot keep at the moment.
    static func notKept(
        _ report: RunReport, _ error: StoreError, _ role: Role, in arena: MessageArena = MessageArena()
    ) -> RPCStatus {
        let advice =
            report.runID.isEmpty
            ? "It has no run_id, so it may count again if it is reported again."
            : "Report it again with the same run_id; it counts once."
        return ErrorStatus(
            code: StatusCode.unavailable.rawValue,
            message: "The run cannot be kept at the moment: \(error.message(for: role)). \(advice)",
            reason: "STORE_UNAVAILABLE", retryAfter: .seconds(5)
        ).rpcStatus(in: arena)
    }

    static func tooOld(age: Duration, limit: Duration?, in arena: MessageArena = MessageArena()) -> RPCStatus {
        let limitText = limit.map { " The call's max_stale is \($0.components.seconds) s." } ?? ""
        return ErrorStatus(
            code: StatusCode.unavailable.rawValue,
            message: "What is known is \(age.components.seconds) s old and is withheld.\(limitText) "
                + "A refresh has been started; ask again, or allow an older value.",
            reason: "TOO_STALE", retryAfter: .seconds(1)
        ).rpcStatus(in: arena)
    }

    static func notYet(_ what: String, in arena: MessageArena) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.unimplemented.rawValue, message: "\(what) is not part of this version of telltaled.",
            reason: "NOT_IMPLEMENTED"
        ).rpcStatus(in: arena)
    }
}

package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `GetStatus` is asked.
package struct GetStatusRequest: Hashable, Sendable {
    package var projectID: ProjectID
    /// The digest that the caller holds; empty when it holds none.
    package var ifNoneMatch: String
    package var contract: ReadersContract
    package var mode: ReadingMode
    /// The call's own deadline, from receipt; not negative.
    package var timeout: Duration?

    package init(
        projectID: ProjectID, ifNoneMatch: String = "", contract: ReadersContract = ReadersContract(),
        mode: ReadingMode = .cached, timeout: Duration? = nil
    ) {
        self.projectID = projectID
        self.ifNoneMatch = ifNoneMatch
        self.contract = contract
        self.mode = mode
        self.timeout = timeout
    }
}

extension GetStatusRequest: WirePayload {
    package init(message: Telltale__V1__GetStatusRequest) throws(WireError) {
        self.init(
            projectID: try decodeProject(message.project_id, "project_id"),
            ifNoneMatch: try decodeText(message.if_none_match, "if_none_match"),
            contract: try decodeMessage(message.contract, "contract") ?? ReadersContract(),
            mode: ReadingMode(wire: message.mode) ?? .unrecognised,
            timeout: try decodeWait(message.timeout, "timeout"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__GetStatusRequest> {
        let message = arena.make(telltale__v1__get_status_request__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.if_none_match = arena.text(ifNoneMatch)
        if contract != ReadersContract() { message.pointee.contract = contract.message(in: arena) }
        message.pointee.mode = mode.wire
        message.pointee.timeout = timeout?.message(in: arena)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__GetStatusRequest>? {
        arena.unpack(bytes, with: telltale__v1__get_status_request__unpack)
    }
}

extension ReadersContract: WireMessage {
    package init(message: Telltale__V1__ReadersContract) throws(WireError) {
        self.init(
            maxAge: try decodeWait(message.max_age, "max_age"), maxWait: try decodeWait(message.max_wait, "max_wait"),
            maxStale: try decodeWait(message.max_stale, "max_stale"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ReadersContract> {
        let message = arena.make(telltale__v1__readers_contract__init)
        message.pointee.max_age = maxAge?.message(in: arena)
        message.pointee.max_wait = maxWait?.message(in: arena)
        message.pointee.max_stale = maxStale?.message(in: arena)
        return message
    }
}

/// A duration that a caller asks for, which cannot be negative.
func decodeWait(
    _ message: UnsafeMutablePointer<Google__Protobuf__Duration>?, _ field: StaticString
) throws(WireError) -> Duration? {
    let duration: Duration? = try decodeMessage(message, field)
    if let duration, duration < .zero { throw WireError(field: field, reason: "must not be negative") }
    return duration
}

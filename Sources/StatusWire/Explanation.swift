package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `Explain` is asked.
package struct ExplainRequest: Hashable, Sendable {
    package var projectID: ProjectID
    package var key: ItemKey

    package init(projectID: ProjectID, key: ItemKey) {
        self.projectID = projectID
        self.key = key
    }
}

extension ExplainRequest: WirePayload {
    package init(message: Telltale__V1__ExplainRequest) throws(WireError) {
        self.init(
            projectID: try decodeProject(message.project_id, "project_id"), key: try decodeItem(message.key, "key"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ExplainRequest> {
        let message = arena.make(telltale__v1__explain_request__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.key = arena.text(key.description)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ExplainRequest>? {
        arena.unpack(bytes, with: telltale__v1__explain_request__unpack)
    }
}

extension ItemExplanation: WirePayload {
    /// The most reasons that are read; the daemon gives fewer than ten.
    package static let reasonsMax = 64
    /// The most items of a project that are read.
    package static let keysMax = 65_536

    package init(message: Telltale__V1__ExplainResponse) throws(WireError) {
        guard let status: IntegrationStatus = try decodeMessage(message.status, "status") else {
            throw WireError(field: "status", reason: "is required")
        }
        self.init(
            status: status, age: try decodeMessage(message.age, "age"),
            lastError: try decodeMessage(message.last_error, "last_error"),
            breaker: BreakerState(wire: message.breaker),
            breakerOpenUntil: try decodeMessage(message.breaker_open_until, "breaker_open_until"),
            nextAttemptAt: try decodeMessage(message.next_attempt_at, "next_attempt_at"),
            throttledUntil: try decodeMessage(message.throttled_until, "throttled_until"),
            demand: Demand(rawValue: try decodeText(message.demand, "demand")),
            traceID: try decodeText(message.trace_id, "trace_id"),
            reasons: try decodeTexts(message.reasons, count: message.n_reasons, max: Self.reasonsMax, "reasons"),
            projectKeys: try decodeElements(message.keys, count: message.n_keys, max: Self.keysMax, "keys") {
                text throws(WireError) in try decodeItem(text, "")
            })
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ExplainResponse> {
        let message = arena.make(telltale__v1__explain_response__init)
        message.pointee.status = status.message(in: arena)
        message.pointee.age = age?.message(in: arena)
        message.pointee.last_error = lastError?.message(in: arena)
        if let breaker { message.pointee.breaker = breaker.wire }
        message.pointee.breaker_open_until = breakerOpenUntil?.message(in: arena)
        message.pointee.next_attempt_at = nextAttemptAt?.message(in: arena)
        message.pointee.throttled_until = throttledUntil?.message(in: arena)
        message.pointee.demand = arena.text(demand?.rawValue ?? "")
        message.pointee.trace_id = arena.text(traceID)
        message.pointee.n_reasons = reasons.count
        message.pointee.reasons = arena.list(reasons) { arena.text($0) }
        message.pointee.n_keys = projectKeys.count
        message.pointee.keys = arena.list(projectKeys) { arena.text($0.description) }
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ExplainResponse>? {
        arena.unpack(bytes, with: telltale__v1__explain_response__unpack)
    }
}

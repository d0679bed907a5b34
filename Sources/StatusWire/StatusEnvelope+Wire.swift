package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

extension StatusEnvelope: WirePayload {
    package init(message: Telltale__V1__StatusEnvelope) throws(WireError) {
        self.init(projectID: try decodeProject(message.project_id, "project_id"))
        items = try decodeMessages(message.items, count: message.n_items, "items")
        services = try decodeMessages(message.services, count: message.n_services, "services")
        overall = ConnectionState(wire: message.overall) ?? .unrecognised
        hash = try decodeText(message.hash, "hash")
        renderHash = try decodeText(message.render_hash, "render_hash")
        cachedAt = try decodeMessage(message.cached_at, "cached_at")
        isStale = message.is_stale != 0
        nextActions = try decodeMessages(message.next_actions, count: message.n_next_actions, "next_actions")
        lastRefreshAttempt = try decodeMessage(message.last_refresh_attempt, "last_refresh_attempt")
        lastRefreshError = try decodeMessage(message.last_refresh_error, "last_refresh_error")
        lastRuns = try decodeMessages(message.last_runs, count: message.n_last_runs, "last_runs")
        revision = message.revision
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__StatusEnvelope> {
        let message = arena.make(telltale__v1__status_envelope__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.n_items = items.count
        message.pointee.items = arena.list(items) { $0.message(in: arena) }
        message.pointee.n_services = services.count
        message.pointee.services = arena.list(services) { $0.message(in: arena) }
        message.pointee.overall = overall.wire
        message.pointee.hash = arena.text(hash)
        message.pointee.render_hash = arena.text(renderHash)
        message.pointee.cached_at = cachedAt?.message(in: arena)
        message.pointee.is_stale = isStale ? 1 : 0
        message.pointee.n_next_actions = nextActions.count
        message.pointee.next_actions = arena.list(nextActions) { $0.message(in: arena) }
        message.pointee.last_refresh_attempt = lastRefreshAttempt?.message(in: arena)
        message.pointee.last_refresh_error = lastRefreshError?.message(in: arena)
        message.pointee.n_last_runs = lastRuns.count
        message.pointee.last_runs = arena.list(lastRuns) { $0.message(in: arena) }
        message.pointee.revision = revision
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__StatusEnvelope>? {
        arena.unpack(bytes, with: telltale__v1__status_envelope__unpack)
    }
}

extension NextAction: WireMessage {
    package init(message: Telltale__V1__NextAction) throws(WireError) {
        self.init(
            key: try decodeItem(message.key, "key"), action: try decodeText(message.action, "action"),
            reason: try decodeText(message.reason, "reason"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__NextAction> {
        let message = arena.make(telltale__v1__next_action__init)
        message.pointee.key = arena.text(key.description)
        message.pointee.action = arena.text(action)
        message.pointee.reason = arena.text(reason)
        return message
    }
}

extension RefreshAttempt: WireMessage {
    package init(message: Telltale__V1__RefreshAttempt) throws(WireError) {
        self.init(
            at: try decodeMessage(message.at, "at") ?? .epoch,
            outcome: Outcome(wire: message.outcome) ?? .unrecognised,
            duration: try decodeMessage(message.duration, "duration") ?? .zero)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__RefreshAttempt> {
        let message = arena.make(telltale__v1__refresh_attempt__init)
        message.pointee.at = at.message(in: arena)
        message.pointee.outcome = outcome.wire
        message.pointee.duration = duration.message(in: arena)
        return message
    }
}

extension RefreshError: WireMessage {
    package init(message: Telltale__V1__RefreshError) throws(WireError) {
        self.init(
            code: ProblemCode(wire: message.code) ?? .unrecognised,
            message: try decodeText(message.message, "message"), at: try decodeMessage(message.at, "at") ?? .epoch)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__RefreshError> {
        let message = arena.make(telltale__v1__refresh_error__init)
        message.pointee.code = code.wire
        message.pointee.message = arena.text(self.message)
        message.pointee.at = at.message(in: arena)
        return message
    }
}

extension RunRecord: WireMessage {
    package init(message: Telltale__V1__RunRecord) throws(WireError) {
        self.init(
            kind: try decodeText(message.kind, "kind"), at: try decodeMessage(message.at, "at") ?? .epoch,
            passed: message.passed != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__RunRecord> {
        let message = arena.make(telltale__v1__run_record__init)
        message.pointee.kind = arena.text(kind)
        message.pointee.at = at.message(in: arena)
        message.pointee.passed = passed ? 1 : 0
        return message
    }
}

extension UnixTime {
    /// What stands for an instant that a peer should have sent and did not.
    static let epoch = UnixTime(nanoseconds: 0)
}

package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// One `WatchResponse`. That of an event depends on the role alone, so it is encoded once for all of its watchers.
extension WatchMessage: WirePayload {
    /// - Throws: ``WireError/unknownKind`` besides what is wrong with a field.
    package init(message: Telltale__V1__WatchResponse) throws(WireError) {
        switch message.message_case {
        case TELLTALE__V1__WATCH_RESPONSE__MESSAGE_SNAPSHOT:
            self = try decodePart(message.snapshot, "snapshot") { part throws(WireError) in
                .snapshot(
                    try decodeRequired(part.envelope, "envelope"), asOf: try decodeRequired(part.as_of, "as_of"))
            }
        case TELLTALE__V1__WATCH_RESPONSE__MESSAGE_EVENT:
            var event: StatusEvent = try decodeRequired(message.event, "event")
            event.collapsed = message.collapsed
            self = .event(event)
        case TELLTALE__V1__WATCH_RESPONSE__MESSAGE_HEARTBEAT:
            self = try decodePart(message.heartbeat, "heartbeat") { part throws(WireError) in
                .heartbeat(try decodeRequired(part.id, "id"), at: try decodeRequired(part.at, "at"))
            }
        case TELLTALE__V1__WATCH_RESPONSE__MESSAGE_RESET:
            self = .reset(try decodeRequired(message.reset, "reset"))
        case TELLTALE__V1__WATCH_RESPONSE__MESSAGE_GOING_AWAY:
            self = try decodePart(message.going_away, "going_away") { part throws(WireError) in
                .goingAway(
                    resumeFrom: try decodeRequired(part.resume_from, "resume_from"),
                    retryAfter: try decodeMessage(part.retry_after, "retry_after") ?? .zero,
                    because: WatchEndReason(wire: part.reason) ?? .unrecognised)
            }
        default:
            throw .unknownKind
        }
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__WatchResponse> {
        let message = arena.make(telltale__v1__watch_response__init)
        switch self {
        case .snapshot(let envelope, let asOf):
            let part = arena.make(telltale__v1__status_snapshot__init)
            part.pointee.envelope = envelope.message(in: arena)
            part.pointee.as_of = asOf.message(in: arena)
            message.pointee.message_case = TELLTALE__V1__WATCH_RESPONSE__MESSAGE_SNAPSHOT
            message.pointee.snapshot = part
        case .event(let event):
            message.pointee.message_case = TELLTALE__V1__WATCH_RESPONSE__MESSAGE_EVENT
            message.pointee.event = event.message(in: arena)
            message.pointee.collapsed = event.collapsed
        case .heartbeat(let id, let at):
            let part = arena.make(telltale__v1__heartbeat__init)
            part.pointee.id = id.message(in: arena)
            part.pointee.at = at.message(in: arena)
            message.pointee.message_case = TELLTALE__V1__WATCH_RESPONSE__MESSAGE_HEARTBEAT
            message.pointee.heartbeat = part
        case .reset(let reset):
            message.pointee.message_case = TELLTALE__V1__WATCH_RESPONSE__MESSAGE_RESET
            message.pointee.reset = reset.message(in: arena)
        case .goingAway(let resumeFrom, let retryAfter, let reason):
            let part = arena.make(telltale__v1__going_away__init)
            part.pointee.resume_from = resumeFrom.message(in: arena)
            part.pointee.retry_after = retryAfter.message(in: arena)
            part.pointee.reason = reason.wire
            message.pointee.message_case = TELLTALE__V1__WATCH_RESPONSE__MESSAGE_GOING_AWAY
            message.pointee.going_away = part
        }
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__WatchResponse>? {
        arena.unpack(bytes, with: telltale__v1__watch_response__unpack)
    }
}

extension StatusEvent: WireMessage {
    package init(message: Telltale__V1__StatusEvent) throws(WireError) {
        self.init(
            id: try decodeRequired(message.id, "id"), at: try decodeRequired(message.at, "at"),
            projectID: try decodeProject(message.project_id, "project_id"),
            kind: try decodeText(message.kind, "kind"),
            items: try decodeMessages(message.items, count: message.n_items, "items"),
            overall: ConnectionState(wire: message.overall) ?? .unrecognised,
            hash: try decodeText(message.hash, "hash"), revision: message.revision,
            message: try decodeText(message.message, "message"),
            operation: try decodeMessage(message.operation, "operation"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__StatusEvent> {
        let message = arena.make(telltale__v1__status_event__init)
        message.pointee.id = id.message(in: arena)
        message.pointee.at = at.message(in: arena)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.kind = arena.text(kind)
        message.pointee.n_items = items.count
        message.pointee.items = arena.list(items) { $0.message(in: arena) }
        message.pointee.overall = overall.wire
        message.pointee.hash = arena.text(hash)
        message.pointee.revision = revision
        message.pointee.message = arena.text(self.message)
        message.pointee.operation = operation?.message(in: arena)
        return message
    }
}

extension WatchReset: WireMessage {
    package init(message: Telltale__V1__WatchReset) throws(WireError) {
        self.init(
            reason: Reason(wire: message.reason) ?? .unrecognised, lostFrom: message.lost_from, lostTo: message.lost_to,
            resumeFrom: try decodeRequired(message.resume_from, "resume_from"), lostCount: message.lost_count,
            lostItems: try decodeMessages(message.lost_items, count: message.n_lost_items, "lost_items"),
            hasMoreItems: message.more_items != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__WatchReset> {
        let message = arena.make(telltale__v1__watch_reset__init)
        message.pointee.reason = reason.wire
        message.pointee.lost_from = lostFrom
        message.pointee.lost_to = lostTo
        message.pointee.resume_from = resumeFrom.message(in: arena)
        message.pointee.lost_count = lostCount
        message.pointee.n_lost_items = lostItems.count
        message.pointee.lost_items = arena.list(lostItems) { $0.message(in: arena) }
        message.pointee.more_items = hasMoreItems ? 1 : 0
        return message
    }
}

extension ItemName: WireMessage {
    package init(message: Telltale__V1__ItemName) throws(WireError) {
        self.init(
            projectID: try decodeProject(message.project_id, "project_id"), key: try decodeItem(message.key, "key"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ItemName> {
        let message = arena.make(telltale__v1__item_name__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.key = arena.text(key.description)
        return message
    }
}

/// A part that is no domain value of its own; its fields' errors name it.
private func decodePart<Message, Value>(
    _ message: UnsafeMutablePointer<Message>?, _ field: StaticString,
    _ decode: (Message) throws(WireError) -> Value
) throws(WireError) -> Value {
    guard let message else { throw WireError(field: field, reason: "is required") }
    do { return try decode(message.pointee) } catch { throw error.within(field) }
}

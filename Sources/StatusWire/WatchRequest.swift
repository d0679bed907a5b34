package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `Watch` is asked.
package struct WatchRequest: Hashable, Sendable {
    /// The most projects that one watch may name.
    package static let projectsMax = 1024
    /// The most kinds of events that one watch may name.
    package static let kindsMax = 32
    /// The longest of them, in bytes; no kind is nearly as long.
    package static let kindBytesMax = 64

    /// None means all that the caller may see.
    package var projectIDs: [ProjectID]
    /// Go on behind this event; nil to begin with snapshots.
    package var resumeAfter: EventID?
    /// None means all.
    package var kinds: [String]
    /// Nil for the daemon's own interval; not negative.
    package var heartbeatInterval: Duration?

    package init(
        projectIDs: [ProjectID] = [], resumeAfter: EventID? = nil, kinds: [String] = [],
        heartbeatInterval: Duration? = nil
    ) {
        self.projectIDs = projectIDs
        self.resumeAfter = resumeAfter
        self.kinds = kinds
        self.heartbeatInterval = heartbeatInterval
    }
}

extension WatchRequest: WirePayload {
    package init(message: Telltale__V1__WatchRequest) throws(WireError) {
        self.init(
            projectIDs: try decodeElements(
                message.project_ids, count: message.n_project_ids, max: Self.projectsMax, "project_ids"
            ) { text throws(WireError) in try decodeProject(text, "") },
            resumeAfter: try decodeMessage(message.resume_after, "resume_after"),
            kinds: try decodeElements(message.kinds, count: message.n_kinds, max: Self.kindsMax, "kinds") {
                text throws(WireError) in
                let kind = try decodeText(text, "")
                guard kind.utf8.count <= Self.kindBytesMax else {
                    throw WireError(field: "", reason: "must be at most \(Self.kindBytesMax) bytes long")
                }
                return kind
            },
            heartbeatInterval: try decodeWait(message.heartbeat_interval, "heartbeat_interval"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__WatchRequest> {
        let message = arena.make(telltale__v1__watch_request__init)
        message.pointee.n_project_ids = projectIDs.count
        message.pointee.project_ids = arena.list(projectIDs) { arena.text($0.rawValue) }
        message.pointee.resume_after = resumeAfter?.message(in: arena)
        message.pointee.n_kinds = kinds.count
        message.pointee.kinds = arena.list(kinds) { arena.text($0) }
        message.pointee.heartbeat_interval = heartbeatInterval?.message(in: arena)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__WatchRequest>? {
        arena.unpack(bytes, with: telltale__v1__watch_request__unpack)
    }
}

extension EventID: WireMessage {
    package init(message: Telltale__V1__EventID) {
        self.init(epoch: message.epoch, sequence: message.sequence)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__EventID> {
        let message = arena.make(telltale__v1__event_id__init)
        message.pointee.epoch = epoch
        message.pointee.sequence = sequence
        return message
    }
}

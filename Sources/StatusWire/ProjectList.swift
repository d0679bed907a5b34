package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `ListProjects` is asked.
package struct ListProjectsRequest: Hashable, Sendable {
    /// The most projects of one page; it fits a frame of 4 MiB.
    package static let pageSizeMax = 1000

    /// 1 to ``pageSizeMax``.
    package let pageSize: Int
    /// `nextPageToken` of the page before; empty for the first.
    package var pageToken: String

    /// 0 and what is too much become ``pageSizeMax``.
    package init(pageSize: Int = pageSizeMax, pageToken: String = "") {
        self.pageSize = 1...Self.pageSizeMax ~= pageSize ? pageSize : Self.pageSizeMax
        self.pageToken = pageToken
    }
}

extension ListProjectsRequest: WirePayload {
    package init(message: Telltale__V1__ListProjectsRequest) throws(WireError) {
        self.init(pageSize: Int(message.page_size), pageToken: try decodeText(message.page_token, "page_token"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ListProjectsRequest> {
        let message = arena.make(telltale__v1__list_projects_request__init)
        message.pointee.page_size = UInt32(clamping: pageSize)
        message.pointee.page_token = arena.text(pageToken)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ListProjectsRequest>? {
        arena.unpack(bytes, with: telltale__v1__list_projects_request__unpack)
    }
}

extension ProjectPage: WirePayload {
    package init(message: Telltale__V1__ListProjectsResponse) throws(WireError) {
        self.init(
            projects: try decodeMessages(message.projects, count: message.n_projects, "projects"),
            nextPageToken: try decodeText(message.next_page_token, "next_page_token"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ListProjectsResponse> {
        let message = arena.make(telltale__v1__list_projects_response__init)
        message.pointee.n_projects = projects.count
        message.pointee.projects = arena.list(projects) { $0.message(in: arena) }
        message.pointee.next_page_token = arena.text(nextPageToken)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ListProjectsResponse>? {
        arena.unpack(bytes, with: telltale__v1__list_projects_response__unpack)
    }
}

extension ProjectOverview: WireMessage {
    package init(message: Telltale__V1__ProjectOverview) throws(WireError) {
        self.init(
            projectID: try decodeProject(message.project_id, "project_id"),
            overall: ConnectionState(wire: message.overall) ?? .unrecognised,
            hash: try decodeText(message.hash, "hash"), updatedAt: try decodeMessage(message.updated_at, "updated_at"),
            counts: try decodeMessage(message.counts, "counts") ?? StateCounts(), isStale: message.is_stale != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ProjectOverview> {
        let message = arena.make(telltale__v1__project_overview__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.overall = overall.wire
        message.pointee.hash = arena.text(hash)
        message.pointee.updated_at = updatedAt?.message(in: arena)
        message.pointee.counts = counts.message(in: arena)
        message.pointee.is_stale = isStale ? 1 : 0
        return message
    }
}

extension StateCounts: WireMessage {
    package init(message: Telltale__V1__StateCounts) {
        self.init(
            connected: Int(message.connected), warning: Int(message.warning), error: Int(message.error),
            disconnected: Int(message.disconnected))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__StateCounts> {
        let message = arena.make(telltale__v1__state_counts__init)
        message.pointee.connected = UInt32(clamping: connected)
        message.pointee.warning = UInt32(clamping: warning)
        message.pointee.error = UInt32(clamping: error)
        message.pointee.disconnected = UInt32(clamping: disconnected)
        return message
    }
}

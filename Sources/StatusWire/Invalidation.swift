package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `Invalidate` is asked.
package struct InvalidateRequest: Hashable, Sendable {
    /// The most items that one call may name.
    package static let keysMax = 256

    /// Nil for every project.
    package var projectID: ProjectID?
    /// None means all of the project.
    package var keys: [ItemKey]

    package init(projectID: ProjectID?, keys: [ItemKey] = []) {
        self.projectID = projectID
        self.keys = keys
    }
}

extension InvalidateRequest: WirePayload {
    package init(message: Telltale__V1__InvalidateRequest) throws(WireError) {
        let name = try decodeText(message.project_id, "project_id")
        self.init(
            projectID: name.isEmpty ? nil : try decodeProject(message.project_id, "project_id"),
            keys: try decodeElements(message.keys, count: message.n_keys, max: Self.keysMax, "keys") {
                text throws(WireError) in try decodeItem(text, "")
            })
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__InvalidateRequest> {
        let message = arena.make(telltale__v1__invalidate_request__init)
        message.pointee.project_id = arena.text(projectID?.rawValue ?? "")
        message.pointee.n_keys = keys.count
        message.pointee.keys = arena.list(keys) { arena.text($0.description) }
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__InvalidateRequest>? {
        arena.unpack(bytes, with: telltale__v1__invalidate_request__unpack)
    }
}

/// What `Invalidate` answers.
package struct InvalidateResponse: Hashable, Sendable {
    /// How many items now count as out of date.
    package var invalidated: Int

    package init(invalidated: Int) { self.invalidated = invalidated }
}

extension InvalidateResponse: WirePayload {
    package init(message: Telltale__V1__InvalidateResponse) {
        self.init(invalidated: Int(message.invalidated))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__InvalidateResponse> {
        let message = arena.make(telltale__v1__invalidate_response__init)
        message.pointee.invalidated = UInt32(clamping: invalidated)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__InvalidateResponse>? {
        arena.unpack(bytes, with: telltale__v1__invalidate_response__unpack)
    }
}

package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

// `Reload` is asked nothing: its request is an empty message, whose bytes nobody reads.

extension ReloadReport: WirePayload {
    /// The most settings that an answer names: about as many as there are, and two of each entry of `oauth`.
    package static let needsRestartMax = 4_096

    package init(message: Telltale__V1__ReloadResponse) throws(WireError) {
        self.init(
            projectsAdded: Int(message.projects_added), projectsChanged: Int(message.projects_changed),
            projectsRemoved: Int(message.projects_removed),
            needsRestart: try decodeTexts(
                message.needs_restart, count: message.n_needs_restart, max: Self.needsRestartMax, "needs_restart"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ReloadResponse> {
        let settings = needsRestart.prefix(Self.needsRestartMax)
        let message = arena.make(telltale__v1__reload_response__init)
        message.pointee.projects_added = UInt32(clamping: projectsAdded)
        message.pointee.projects_changed = UInt32(clamping: projectsChanged)
        message.pointee.projects_removed = UInt32(clamping: projectsRemoved)
        message.pointee.n_needs_restart = settings.count
        message.pointee.needs_restart = arena.list(settings) { arena.text($0) }
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ReloadResponse>? {
        arena.unpack(bytes, with: telltale__v1__reload_response__unpack)
    }
}

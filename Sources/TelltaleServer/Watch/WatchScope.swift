import StatusCore
import StatusEngine
import StatusModel

/// What a watch is about: whose eyes, which projects, which kinds of events.
struct WatchScope {
    let role: Role
    /// The projects that it follows, in the order in which it named them; nil for all, also those that come later.
    let entries: [BoardEntry]?
    let kinds: EventKindFilter

    /// What the watcher is sent of an event; nil when it concerns it not at all.
    func bytes(of event: JournalRecord) -> [UInt8]? {
        guard kinds.wants(event.kind), follows(event.projectID) else { return nil }
        return event.bytes(for: role)
    }

    /// Whether an event of a project that the watcher follows is one for it.
    func concerns(_ event: JournalRecord) -> Bool { kinds.wants(event.kind) && event.bytes(for: role) != nil }

    private func follows(_ project: ProjectID) -> Bool {
        guard let entries else { return true }
        return entries.contains { $0.id == project }
    }
}

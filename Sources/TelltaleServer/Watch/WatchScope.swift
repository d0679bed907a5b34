import StatusCore
import StatusEngine
import StatusModel

/// What a watch is about: which projects, which kinds of events, whose eyes.
struct WatchScope {
    /// The projects that it follows. Most watches name one, and hold no list for it.
    private enum Projects {
        case all
        case one(BoardEntry)
        case several([BoardEntry], Set<ProjectID>)
    }

    private let projects: Projects
    let kinds: EventKindFilter
    let role: Role

    /// - Parameters:
    ///   - role: Whose eyes.
    ///   - entries: The projects; nil for all, also those that come later.
    ///   - kinds: The kinds of events that it wants.
    init(role: Role, entries: [BoardEntry]?, kinds: EventKindFilter) {
        self.role = role
        self.kinds = kinds
        projects = entries.map { $0.count == 1 ? .one($0[0]) : .several($0, Set($0.map(\.id))) } ?? .all
    }

    /// The projects, in the order in which the watch named them; nil for all.
    var entries: [BoardEntry]? {
        switch projects {
        case .all: nil
        case .one(let entry): [entry]
        case .several(let entries, _): entries
        }
    }

    /// Their names; nil for all.
    var projectIDs: [ProjectID]? { entries?.map(\.id) }

    /// What the watcher is sent of an event; nil when it concerns it not at all.
    func bytes(of event: JournalRecord) -> [UInt8]? {
        guard kinds.wants(event.kind), follows(event.projectID) else { return nil }
        return event.bytes(for: role)
    }

    private func follows(_ project: ProjectID) -> Bool {
        switch projects {
        case .all: true
        case .one(let entry): entry.id == project
        case .several(_, let names): names.contains(project)
        }
    }
}

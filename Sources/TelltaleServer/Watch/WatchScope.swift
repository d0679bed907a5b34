import StatusCore
import StatusEngine
import StatusModel

/// What a watch is about: which projects, which kinds of events, whose eyes.
struct WatchScope {
    /// The projects that it follows. Most watches name one, and hold no list for it.
    private enum Projects {
        case all
        case one(BoardEntry)
        case several([BoardEntry], gone: [ProjectID], Set<ProjectID>)
    }

    private let projects: Projects
    let kinds: EventKindFilter
    let role: Role

    /// - Parameters:
    ///   - role: Whose eyes.
    ///   - entries: The projects; nil for all, also those that come later.
    ///   - gone: Projects that it follows too, though they are no more.
    ///   - kinds: The kinds of events that it wants.
    init(role: Role, entries: [BoardEntry]?, gone: [ProjectID] = [], kinds: EventKindFilter) {
        self.role = role
        self.kinds = kinds
        switch entries {
        case nil: projects = .all
        case .some(let entries) where entries.count == 1 && gone.isEmpty: projects = .one(entries[0])
        case .some(let entries): projects = .several(entries, gone: gone, Set(entries.map(\.id) + gone))
        }
    }

    /// The projects that are there, in the order in which the watch named them; nil for all.
    var entries: [BoardEntry]? {
        switch projects {
        case .all: nil
        case .one(let entry): [entry]
        case .several(let entries, _, _): entries
        }
    }

    /// The names of all that it follows; nil for all projects.
    var projectIDs: [ProjectID]? {
        switch projects {
        case .all: nil
        case .one(let entry): [entry.id]
        case .several(let entries, let gone, _): entries.map(\.id) + gone
        }
    }

    /// What the watcher is sent of an event; nil when it concerns it not at all.
    func bytes(of event: JournalRecord) -> [UInt8]? {
        guard kinds.wants(event.kind), follows(event.projectID) else { return nil }
        return event.bytes(for: role)
    }

    private func follows(_ project: ProjectID) -> Bool {
        switch projects {
        case .all: true
        case .one(let entry): entry.id == project
        case .several(_, _, let names): names.contains(project)
        }
    }
}

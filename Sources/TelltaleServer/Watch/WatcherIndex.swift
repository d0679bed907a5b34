import StatusEngine
import StatusModel

/// Which watchers, by their numbers, an event of a project may concern.
struct WatcherIndex {
    private var ofAll: [UInt32] = []
    private var ofProject: [ProjectID: [UInt32]] = [:]

    /// - Parameters:
    ///   - number: The watcher.
    ///   - entries: The projects that it follows; nil for all.
    mutating func add(_ number: UInt32, following entries: [BoardEntry]?) {
        guard let entries else { return ofAll.append(number) }
        for entry in entries { ofProject[entry.id, default: []].append(number) }
    }

    mutating func remove(_ number: UInt32, following entries: [BoardEntry]?) {
        guard let entries else { return ofAll.remove(number) }
        for entry in entries {
            ofProject[entry.id]?.remove(number)
            if ofProject[entry.id]?.isEmpty ?? false { ofProject[entry.id] = nil }
        }
    }

    /// How many watchers follow the project.
    func count(following project: ProjectID) -> Int { ofAll.count + (ofProject[project]?.count ?? 0) }

    /// Calls `body` with each watcher that follows the project.
    func forEach(following project: ProjectID, _ body: (UInt32) -> Void) {
        for number in ofAll { body(number) }
        guard let watchers = ofProject[project] else { return }
        for number in watchers { body(number) }
    }
}

extension [UInt32] {
    /// Takes one number out; the others lose their order, which says nothing.
    fileprivate mutating func remove(_ number: UInt32) {
        guard let index = firstIndex(of: number) else { return }
        swapAt(index, count - 1)
        removeLast()
    }
}

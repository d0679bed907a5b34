package import StatusModel

/// Which watchers an event of a project may concern: their numbers, in the order of their streams, so that those of one
/// connection are neighbours.
package struct WatcherIndex {
    private var ofAll = OrderedWatchers()
    private var ofProject: [ProjectID: OrderedWatchers] = [:]

    package init() {}

    /// - Parameters:
    ///   - number: The watcher.
    ///   - order: Its stream's; it has only one.
    ///   - projects: The projects that it follows, each once; nil for all.
    package mutating func add(_ number: UInt32, order: UInt64, following projects: [ProjectID]?) {
        guard let projects else { return ofAll.insert(number, order) }
        for id in projects { ofProject[id, default: OrderedWatchers()].insert(number, order) }
    }

    /// Takes out the watcher of that stream.
    package mutating func remove(_ order: UInt64, following projects: [ProjectID]?) {
        guard let projects else { return ofAll.remove(order) }
        for id in projects {
            ofProject[id]?.remove(order)
            if ofProject[id]?.all.isEmpty ?? false { ofProject[id] = nil }
        }
    }

    /// How many watchers follow the project.
    package func count(following project: ProjectID) -> Int { ofAll.all.count + (ofProject[project]?.all.count ?? 0) }

    /// Calls `body` with the number and the order of each watcher that follows the project.
    package func forEach(following project: ProjectID, _ body: (UInt32, UInt64) -> Void) {
        for watcher in ofAll.all { body(watcher.number, watcher.order) }
        guard let watchers = ofProject[project]?.all else { return }
        for watcher in watchers { body(watcher.number, watcher.order) }
    }
}

/// Watchers in ascending order, so that one of ten thousand is found in a dozen steps.
private struct OrderedWatchers {
    private(set) var all: [(order: UInt64, number: UInt32)] = []

    mutating func insert(_ number: UInt32, _ order: UInt64) {
        // Most come last: connections and their streams are counted from below.
        guard let last = all.last, last.order >= order else { return all.append((order, number)) }
        all.insert((order, number), at: place(of: order))
    }

    mutating func remove(_ order: UInt64) {
        let place = place(of: order)
        guard place < all.count, all[place].order == order else { return }
        all.remove(at: place)
    }

    /// How many come before it.
    private func place(of order: UInt64) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].order < order { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

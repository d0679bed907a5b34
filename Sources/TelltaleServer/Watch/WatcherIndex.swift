package import StatusModel

/// Which watchers, by their numbers, an event of a project may concern.
package struct WatcherIndex {
    private var ofAll = WatcherNumbers()
    private var ofProject: [ProjectID: WatcherNumbers] = [:]

    package init() {}

    /// - Parameters:
    ///   - number: The watcher.
    ///   - projects: The projects that it follows, each once; nil for all.
    package mutating func add(_ number: UInt32, following projects: [ProjectID]?) {
        guard let projects else { return ofAll.insert(number) }
        for id in projects { ofProject[id, default: WatcherNumbers()].insert(number) }
    }

    package mutating func remove(_ number: UInt32, following projects: [ProjectID]?) {
        guard let projects else { return ofAll.remove(number) }
        for id in projects {
            ofProject[id]?.remove(number)
            if ofProject[id]?.all.isEmpty ?? false { ofProject[id] = nil }
        }
    }

    /// How many watchers follow the project.
    package func count(following project: ProjectID) -> Int { ofAll.all.count + (ofProject[project]?.all.count ?? 0) }

    /// Calls `body` with each watcher that follows the project.
    package func forEach(following project: ProjectID, _ body: (UInt32) -> Void) {
        for number in ofAll.all { body(number) }
        guard let watchers = ofProject[project]?.all else { return }
        for number in watchers { body(number) }
    }
}

/// Numbers in ascending order, so that one of ten thousand is found in a dozen steps.
private struct WatcherNumbers {
    private(set) var all: [UInt32] = []

    /// Most numbers are the highest so far: a hub gives them out from below.
    mutating func insert(_ number: UInt32) {
        guard let last = all.last, last >= number else { return all.append(number) }
        all.insert(number, at: place(of: number))
    }

    mutating func remove(_ number: UInt32) {
        let place = place(of: number)
        guard place < all.count, all[place] == number else { return }
        all.remove(at: place)
    }

    /// How many numbers are smaller.
    private func place(of number: UInt32) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

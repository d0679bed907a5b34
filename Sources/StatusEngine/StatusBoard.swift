import Locks
package import StatusCore
package import StatusModel
import Synchronization

/// What has come under a watch that was under none.
struct NewlyWatched {
    /// The first watch of all was opened, whatever it watches: now others are worth a health ping.
    var isFirst = false
    /// Every project.
    var isEverything = false
    var projects: Set<ProjectID> = []

    var isEmpty: Bool { !isFirst && !isEverything && projects.isEmpty }
}

/// The published views of all projects: written by the engine alone, read from any thread without waiting for it.
package final class StatusBoard: Sendable {
    private struct Entries {
        var byID: [ProjectID: BoardEntry] = [:] { didSet { sorted = nil } }
        /// All names in their order, once somebody has asked: whoever holds them shares them.
        var sorted: [ProjectID]?
    }

    private let entries = Lock(Entries())
    /// Entries of removed projects that watches still name, for projects that come back; they go with the last watch.
    private let withdrawn = Lock<[ProjectID: BoardEntry]>([:])
    /// Open watches, and those among them that follow every project.
    private let watches = Atomic<Int>(0)
    private let watchesOfAll = Atomic<Int>(0)
    private let newlyWatched = Lock(NewlyWatched())
    /// The epoch of the journal.
    private let epoch = Atomic<UInt64>(0)
    private let shared: BoardParts

    /// What stands for bytes where only their being the same matters.
    func digest(of bytes: [UInt8]) -> String { shared.digest(bytes) }

    package init(digest: @escaping DigestFunction, policy: ViewPolicy = ViewPolicy()) {
        shared = BoardParts(digest: digest, policy: policy)
    }

    package subscript(id: ProjectID) -> BoardEntry? { entries.withLock { $0.byID[id] } }

    /// Every project, sorted by its name.
    package var projectIDs: [ProjectID] {
        entries.withLock { entries in
            let sorted = entries.sorted ?? entries.byID.keys.sorted()
            entries.sorted = sorted
            return sorted
        }
    }

    /// The items of these projects, or of all, that the role sees and that may have changed after a place in the journal: at
    /// most `limit`, and whether there are more. After a place of another epoch each of them may.
    package func itemsChanged(
        after place: EventID, in watched: [BoardEntry]?, for role: Role, limit: Int
    ) -> (names: [ItemName], hasMore: Bool) {
        let isOfThisEpoch = place.epoch == epoch.load(ordering: .acquiring)
        var names: [ItemName] = []
        for id in watched?.map(\.id) ?? projectIDs {
            // One that is gone has no items any more.
            guard let snapshot = self[id]?.snapshot else { continue }
            let keys = isOfThisEpoch ? snapshot.itemsTold(after: place, to: role) : snapshot.itemsVisible(to: role)
            let room = limit - names.count
            names += keys.prefix(room).map { ItemName(projectID: id, key: $0) }
            guard keys.count <= room else { return (names, true) }
        }
        return (names, false)
    }

    /// How many projects there are.
    package var count: Int { entries.withLock { $0.byID.count } }

    /// A watch was opened; nil stands for every project. It counts as demand until ``watchClosed(_:)``.
    ///
    /// - Returns: Whether the engine is to be told: something was under no watch before, and it does not know yet.
    func watchOpened(_ watched: [BoardEntry]?) -> Bool {
        // Counted first: whoever looks after it was told finds the count.
        var opened = NewlyWatched()
        opened.isFirst = watches.add(1, ordering: .sequentiallyConsistent).oldValue == 0
        if let watched {
            opened.projects = Set(watched.filter { $0.addWatchers(1) == 0 }.map(\.id))
        } else {
            opened.isEverything = watchesOfAll.add(1, ordering: .sequentiallyConsistent).oldValue == 0
        }
        guard !opened.isEmpty else { return false }
        return newlyWatched.withLock { pending in
            defer {
                pending.isFirst = pending.isFirst || opened.isFirst
                pending.isEverything = pending.isEverything || opened.isEverything
                pending.projects.formUnion(opened.projects)
            }
            return pending.isEmpty
        }
    }

    /// What has come under a watch since this was last asked.
    func takeNewlyWatched() -> NewlyWatched {
        newlyWatched.withLock { pending in
            defer { pending = NewlyWatched() }
            return pending
        }
    }

    /// The watch was closed.
    func watchClosed(_ watched: [BoardEntry]?) {
        watches.subtract(1, ordering: .sequentiallyConsistent)
        if let watched {
            for entry in watched { _ = entry.addWatchers(-1) }
            forgetUnwatched(watched)
        } else {
            watchesOfAll.subtract(1, ordering: .sequentiallyConsistent)
        }
    }

    var isAnyoneWatching: Bool { watches.load(ordering: .sequentiallyConsistent) > 0 }

    var isEverythingWatched: Bool { watchesOfAll.load(ordering: .sequentiallyConsistent) > 0 }

    /// The journal is in this epoch.
    func noteEpoch(_ epoch: UInt64) { self.epoch.store(epoch, ordering: .releasing) }

    func add(_ snapshot: ProjectSnapshot) -> BoardEntry {
        let known = withdrawn.withLock { $0.removeValue(forKey: snapshot.projectID) }
        known?.publish(snapshot, progress: RefreshProgress())
        let entry = known ?? BoardEntry(snapshot, shared: shared)
        entries.withLock { $0.byID[snapshot.projectID] = entry }
        return entry
    }

    func remove(_ id: ProjectID) {
        guard let entry = entries.withLock({ $0.byID.removeValue(forKey: id) }) else { return }
        entry.withdraw()
        withdrawn.withLock { if entry.watcherCount > 0 { $0[id] = entry } }
    }

    private func forgetUnwatched(_ watched: [BoardEntry]) {
        withdrawn.withLock { withdrawn in
            guard !withdrawn.isEmpty else { return }
            for entry in watched where entry.watcherCount <= 0 { withdrawn[entry.id] = nil }
        }
    }
}

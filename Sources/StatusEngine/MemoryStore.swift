import Locks
package import StatusCore
package import StatusModel
import Synchronization

/// A store that lasts as long as the process: for tests, and for a daemon that is to write nothing.
package final class MemoryStore: Store {
    private struct Key: Hashable {
        var project: ProjectID
        var item: ItemKey
    }

    private let items = Lock<[Key: StoredItem]>([:])

    package init(_ items: [StoredItem] = []) {
        self.items.withLock { kept in
            for item in items { kept[Key(project: item.project, item: item.key)] = item }
        }
    }

    package func load() async throws(StoreError) -> [StoredItem] { items.withLock { Array($0.values) } }

    package func save(_ items: [StoredItem]) async throws(StoreError) {
        self.items.withLock { kept in
            for item in items { kept[Key(project: item.project, item: item.key)] = item }
        }
    }

    package func remove(project: ProjectID) async throws(StoreError) {
        items.withLock { kept in kept = kept.filter { $0.key.project != project } }
    }
}

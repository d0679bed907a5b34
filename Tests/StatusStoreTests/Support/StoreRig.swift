import Glibc
import LinuxSystem
import Locks
import StatusCore
import StatusModel
import StatusStore
import Synchronization
import TestSupport

/// A place for a store, a clock, and what the store told.
final class StoreRig: Sendable {
    let folder: Folder
    let time: ManualTime
    private let told = Lock<[StoreNotice]>([])

    /// The clock may be that of an earlier rig whose file is read again: two of them are two starts of the host.
    init(time: ManualTime = ManualTime(), isOnDisk: Bool = false) throws(SystemError) {
        self.time = time
        folder = try Folder(isOnDisk: isOnDisk)
    }

    var path: String { folder["store.db"] }
    var log: String { folder["store.db-wal"] }
    var notices: [StoreNotice] { told.withLock { $0 } }

    /// Files that were set aside, without their companions.
    var asides: [String] {
        folder.names.filter { $0.contains(".corrupt-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    }

    func makeStore(
        at path: String? = nil, on disk: FaultyDisk? = nil, bytesMax: Int = SQLiteStore.bytesMaxDefault,
        migrations: Migrations = .store
    ) throws(StoreError) -> SQLiteStore {
        try SQLiteStore(
            path: path ?? self.path, vfs: disk?.name, bytesMax: bytesMax, time: time, migrations: migrations
        ) { notice in
            self.told.withLock { $0.append(notice) }
        }
    }

    func openStore(
        at path: String? = nil, on disk: FaultyDisk? = nil, migrations: Migrations = .store
    ) async throws(StoreError) -> SQLiteStore {
        let store = try makeStore(at: path, on: disk, migrations: migrations)
        try await store.open()
        return store
    }

    /// What the next daemon would find if this one were killed now: the files as they are.
    func contentAfterKill() async throws(StoreError) -> StoreContent {
        let image = folder["image.db"]
        unlink(image + ".mark")
        // Which is the same file under another name: a copy of it would count as one.
        link(path + ".mark", image + ".mark")
        for suffix in ["", "-wal"] {
            unlink(image + suffix)
            if let bytes = Bytes.read(path + suffix) { Bytes.write(bytes, to: image + suffix) }
        }
        return try await contentOfFile(at: image)
    }

    /// Opens the file with a sound disk, reads it, and closes it.
    func contentOfFile(at path: String? = nil) async throws(StoreError) -> StoreContent {
        let store = try await openStore(at: path)
        let content = try await store.load()
        await store.close()
        return content
    }
}

extension StoreContent {
    /// Without an order, for comparing.
    var asSets: [Set<AnyHashable>] {
        [
            Set(projects), Set(links), Set(items), Set(breakers), Set(limits), Set(budgets), Set(runs), Set(operations),
            Set(linkChanges),
        ]
    }

    /// Whether all of it is in another.
    func isContained(in other: StoreContent) -> Bool {
        zip(asSets, other.asSets).allSatisfy { $0.isSubset(of: $1) }
    }
}

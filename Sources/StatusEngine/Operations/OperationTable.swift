import StatusCore
import StatusModel

/// The operations that are not over, and those whose end is not durable yet. All others are the store's to know.
///
/// One is remembered beyond that as long as somebody asks the store for its name, for that answer may be older than it.
struct OperationTable {
    struct Entry {
        var record: OperationRecord
        /// Resolves once the record is durable, or with why it is not.
        var recording: Task<ActionRefusal?, Never>?
        /// Carries it out; takes itself out, and `run()` cancels and awaits it.
        var work: Task<Void, Never>?
        /// Whether a call is under way that cannot be taken back.
        var isSending = false
        /// What it has told of that happened at the provider.
        var told: [Milestone] = []
        /// Whether its end is on the disk, or will not get there.
        var isSettled = false
        /// Who waits for its next move.
        var waiters: [ObjectIdentifier: RefreshWaiter] = [:]
    }

    /// How many are held at once: more are refused.
    let openMax: Int

    private var entries: [String: Entry] = [:]
    private var ids: [OperationName: String] = [:]
    private var lookups: [OperationName: Int] = [:]

    init(openMax: Int) { self.openMax = openMax }

    var isFull: Bool { entries.count >= openMax }

    var count: Int { entries.count }

    /// By their ids.
    var all: [Entry] { Array(entries.values) }

    subscript(id: String) -> Entry? { entries[id] }

    subscript(name: OperationName) -> Entry? { ids[name].flatMap { entries[$0] } }

    mutating func add(_ entry: Entry) {
        entries[entry.record.id] = entry
        ids[entry.record.name] = entry.record.id
    }

    /// Changes one that is there.
    mutating func update(_ id: String, _ change: (inout Entry) -> Void) {
        guard var entry = entries[id] else { return }
        change(&entry)
        entries[id] = entry
        forgetIfSettled(id)
    }

    /// Takes out one that came to nothing.
    mutating func remove(_ id: String) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        ids[entry.record.name] = nil
    }

    /// The store is asked for a name.
    mutating func beginLookup(of name: OperationName) { lookups[name, default: 0] += 1 }

    /// It has answered. Look here before this is told.
    mutating func endLookup(of name: OperationName) {
        let others = lookups[name, default: 0] - 1
        lookups[name] = others > 0 ? others : nil
        if let id = ids[name] { forgetIfSettled(id) }
    }

    private mutating func forgetIfSettled(_ id: String) {
        guard let entry = entries[id], entry.isSettled, entry.work == nil, lookups[entry.record.name] == nil else {
            return
        }
        remove(id)
    }
}

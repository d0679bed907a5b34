import Locks
package import ProtobufMessages
package import StatusCore
package import StatusModel
import Synchronization

/// The events of this host: staged by the engine, and read by every watcher under a cursor of its own once they are
/// published.
package final class EventJournal: Sendable {
    package typealias Entry = JournalRing<JournalRecord>.Entry
    package typealias Portion = StagedJournal<JournalRecord>.Portion

    private let course: Lock<StagedJournal<JournalRecord>>
    private let onPublish = Lock<Action?>(nil)

    /// - Parameters:
    ///   - epoch: The epoch of its ids, unless a store says in which it goes on.
    ///   - capacity: How many events it holds in memory.
    ///   - bytesMax: How many bytes of them. Older ones are the store's to give.
    package init(
        epoch: UInt64, capacity: Int = JournalRing<JournalRecord>.capacityDefault,
        bytesMax: Int = StagedJournal<JournalRecord>.bytesMaxDefault
    ) {
        course = Lock(StagedJournal(epoch: epoch, capacity: capacity, bytesMax: bytesMax))
    }

    /// The id of the newest event that is published.
    package var newestID: EventID { course.withLock { $0.newestID } }

    /// At most `limit` published events after a cursor, or why they cannot be given.
    package func events(after cursor: EventID, limit: Int) -> JournalRing<JournalRecord>.Replay {
        course.withLock { $0.events(after: cursor, limit: limit) }
    }

    /// Whether a state update says nothing to the role that newer ones do not say, all of which the journal still holds: a
    /// watcher who is far behind may be spared it.
    package func isSuperseded(_ entry: Entry, for role: Role) -> Bool {
        course.withLock { $0.isSuperseded(entry, for: role) }
    }

    /// Whether an event waits for the store.
    package var hasUnpublished: Bool { course.withLock { $0.hasUnpublished } }

    /// Calls `action` whenever events were published, from the engine; it must not block.
    package func onPublish(_ action: @escaping @Sendable () -> Void) { onPublish.withLock { $0 = Action(action) } }

    /// Takes in an event of which each role may see another part, or none. `event(role)` gives it without its id. It is
    /// published with the save that holds it; where nobody can vouch for it, at once.
    ///
    /// The engine alone appends, so the id is known before the event is encoded, and no reader waits for that.
    ///
    /// - Returns: The event's id, which may become another until it is published (``issued(_:)``); nil when no role may
    ///   see anything of it, and then there is none.
    @discardableResult
    package func append(
        project: ProjectID, kind: String, at now: Moment, arena: MessageArena, _ event: (Role) -> StatusEvent?
    ) -> EventID? {
        let id = nextID
        guard let record = JournalRecord(project: project, kind: kind, at: now, id: id, arena: arena, event) else {
            return nil
        }
        change { $0.stage(record) }
        return id
    }

    /// Changes the course, and tells of what was published by it.
    private func change(_ body: (inout StagedJournal<JournalRecord>) -> Bool) {
        guard course.withLock({ body(&$0) }) else { return }
        let action = onPublish.withLock { $0 }
        action?()
    }
}

// What the engine does with it and the store.
extension EventJournal {
    /// How many events are fetched from the store at a start, and how many bytes of them.
    static let restoredMax = 1024
    static let restoredBytesMax = 512 << 10

    /// The id that the next event gets.
    var nextID: EventID { course.withLock { $0.nextID } }

    /// Which events of a cursor's epoch are in memory, and which was the last; nil for an epoch that does not lead here.
    func extent(of cursor: EventID) -> (firstInMemory: UInt64, last: UInt64)? {
        course.withLock { $0.extent(of: cursor) }
    }

    /// The id under which an event was published that once got this one.
    func issued(_ id: EventID) -> EventID { course.withLock { $0.issued(id) } }

    /// The same place in the newest epoch that has it; the place itself where it ends none.
    package func continued(_ cursor: EventID) -> EventID { course.withLock { $0.continued(cursor) } }

    /// Since when an event waits for the store; nil when none does.
    var waitingSince: Moment? { course.withLock { $0.oldestUnpublished?.at } }

    var hasUnsaved: Bool { course.withLock { $0.hasUnsaved } }

    /// What the next save is to hold.
    package var portion: Portion { course.withLock { $0.portion } }

    /// Goes on where the store left off.
    func restore(_ stored: StoredJournal, newest: [StoredEvent]) {
        let entries = newest.map { Entry(id: $0.id, event: JournalRecord($0)) }
        course.withLock { $0.restore(stored, newest: entries) }
    }

    /// A save that held this is durable.
    package func saved(_ portion: Portion) { change { $0.saved(portion) } }

    /// The store has refused, or not answered in time.
    package func storeFailed(at now: Moment) { change { $0.storeFailed(next: UInt64(clamping: now.wall.nanoseconds)) } }

    func storeMissing() { course.withLock { $0.storeMissing() } }

    func storeFound(at end: StoredJournal) { course.withLock { $0.storeFound(at: end) } }

    func storeEmptied() { course.withLock { $0.storeEmptied() } }
}

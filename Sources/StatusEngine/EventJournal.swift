import Locks
import ProtobufMessages
package import StatusCore
package import StatusModel
import StatusWire
import Synchronization

/// One event as it is kept: encoded once for each role that may see it.
package struct JournalRecord: Sendable {
    package let projectID: ProjectID
    package let kind: String
    /// The encoded `WatchResponse` by role, in the order of `Role.allCases`; nil where the role sees nothing of it.
    fileprivate let encoded: [[UInt8]?]

    package func bytes(for role: Role) -> [UInt8]? { encoded[role.index] }
}

/// The events of this daemon: appended by the engine, read by every watcher under a cursor of its own.
package final class EventJournal: Sendable {
    private let ring: Lock<JournalRing<JournalRecord>>
    private let onAppend = Lock<(@Sendable () -> Void)?>(nil)

    package init(epoch: UInt64, capacity: Int = JournalRing<JournalRecord>.capacityDefault) {
        ring = Lock(JournalRing(epoch: epoch, capacity: capacity))
    }

    /// The id of the newest event.
    package var newestID: EventID { ring.withLock { $0.newestID } }

    /// At most `limit` events after a cursor, or why they cannot be given.
    package func events(after cursor: EventID, limit: Int) -> JournalRing<JournalRecord>.Replay {
        ring.withLock { $0.events(after: cursor, limit: limit) }
    }

    /// Calls `action` after every append, from the engine; it must not block.
    package func onAppend(_ action: @escaping @Sendable () -> Void) { onAppend.withLock { $0 = action } }

    /// Appends an event of which each role may see another part, or none. `event(role)` gives it without its id.
    ///
    /// The engine alone appends, so the id is known before the event is encoded, and no reader waits for that.
    ///
    /// - Returns: The event's id; nil when no role may see anything of it, and then there is none.
    @discardableResult
    func append(
        project: ProjectID, kind: String, arena: MessageArena, _ event: (Role) -> StatusEvent?
    ) -> EventID? {
        let events = Role.allCases.map(event)
        guard events.contains(where: { $0 != nil }) else { return nil }
        let id = ring.withLock { $0.nextID }
        let record = JournalRecord(projectID: project, kind: kind, encoded: Self.encode(events, id: id, in: arena))
        ring.withLock { _ = $0.append(record) }
        let action = onAppend.withLock { $0 }
        action?()
        return id
    }

    /// Roles that see the same share its bytes.
    private static func encode(_ events: [StatusEvent?], id: EventID, in arena: MessageArena) -> [[UInt8]?] {
        var known: [StatusEvent: [UInt8]] = [:]
        return events.map { event in
            guard var event else { return nil }
            event.id = id
            if let bytes = known[event] { return bytes }
            let bytes = WatchMessage.event(event).encoded(in: arena)
            known[event] = bytes
            return bytes
        }
    }
}

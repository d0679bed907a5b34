import Locks
package import ProtobufMessages
package import StatusCore
package import StatusModel
import StatusWire
import Synchronization

/// One event as it is kept: encoded once for each role that may see it.
package struct JournalRecord: Sendable {
    package let projectID: ProjectID
    package let kind: String
    /// When it happened here, for whoever asks how far behind a watcher is.
    package let at: Moment
    /// The encoded `WatchResponse` by role, in the order of `Role.allCases`; nil where the role sees nothing of it.
    fileprivate let encoded: [[UInt8]?]

    package func bytes(for role: Role) -> [UInt8]? { encoded[role.index] }

    fileprivate init(projectID: ProjectID, kind: String, at: Moment, encoded: [[UInt8]?]) {
        self.projectID = projectID
        self.kind = kind
        self.at = at
        self.encoded = encoded
    }

    package init(_ stored: StoredEvent) {
        self.init(projectID: stored.project, kind: stored.kind, at: stored.at, encoded: stored.encoded)
    }

    /// What it takes, at most: roles that see the same share its bytes.
    fileprivate var byteCount: Int { encoded.reduce(0) { $0 + ($1?.count ?? 0) } }
}

/// The events of this daemon: appended by the engine, read by every watcher under a cursor of its own.
package final class EventJournal: Sendable {
    /// How many bytes of events are kept: a few thousand of them, hours of an ordinary day. A watcher who has fallen
    /// further behind is told what it lost, and gets snapshots.
    package static let bytesMaxDefault = 4 << 20

    private struct Kept {
        var ring: JournalRing<JournalRecord>
        var byteCount = 0

        /// Keeps the record, and as many of those before it as the bound allows.
        mutating func append(_ record: JournalRecord, bytesMax: Int) {
            byteCount += record.byteCount
            while ring.count == ring.capacity || byteCount > bytesMax, let oldest = ring.removeOldest() {
                byteCount -= oldest.byteCount
            }
            ring.append(record)
        }
    }

    private let kept: Lock<Kept>
    private let bytesMax: Int
    private let onAppend = Lock<Action?>(nil)

    package init(
        epoch: UInt64, capacity: Int = JournalRing<JournalRecord>.capacityDefault, bytesMax: Int = bytesMaxDefault
    ) {
        kept = Lock(Kept(ring: JournalRing(epoch: epoch, capacity: capacity)))
        self.bytesMax = bytesMax
    }

    /// The id of the newest event.
    package var newestID: EventID { kept.withLock { $0.ring.newestID } }

    /// At most `limit` events after a cursor, or why they cannot be given.
    package func events(after cursor: EventID, limit: Int) -> JournalRing<JournalRecord>.Replay {
        kept.withLock { $0.ring.events(after: cursor, limit: limit) }
    }

    /// Whether a state update says nothing to the role that newer ones do not say, all of which the journal still holds: a
    /// watcher who is far behind may be spared it.
    package func isSuperseded(_ entry: JournalRing<JournalRecord>.Entry, for role: Role) -> Bool { false }

    /// Calls `action` after every append, from the engine; it must not block.
    package func onAppend(_ action: @escaping @Sendable () -> Void) { onAppend.withLock { $0 = Action(action) } }

    /// Appends an event of which each role may see another part, or none. `event(role)` gives it without its id.
    ///
    /// The engine alone appends, so the id is known before the event is encoded, and no reader waits for that.
    ///
    /// - Returns: The event's id; nil when no role may see anything of it, and then there is none.
    @discardableResult
    package func append(
        project: ProjectID, kind: String, at now: Moment, arena: MessageArena, _ event: (Role) -> StatusEvent?
    ) -> EventID? {
        let events = Role.allCases.map(event)
        guard events.contains(where: { $0 != nil }) else { return nil }
        let id = kept.withLock { $0.ring.nextID }
        let record = JournalRecord(
            projectID: project, kind: kind, at: now, encoded: Self.encode(events, id: id, in: arena))
        kept.withLock { $0.append(record, bytesMax: bytesMax) }
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

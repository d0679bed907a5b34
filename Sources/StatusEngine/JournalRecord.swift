import ProtobufMessages
package import StatusCore
package import StatusModel
import StatusWire

/// One event as it is kept: encoded once for each role that may see it. An object, because a thousand watchers take it in
/// their hands in turn, and each would count references to all of its parts.
package final class JournalRecord: JournalEvent {
    package let projectID: ProjectID
    package let kind: String
    /// When it happened here, for whoever asks how far behind a watcher is.
    package let at: Moment
    package let shownItems: [ShownItem]
    /// The encoded `WatchResponse` by role, in the order of `Role.allCases`; nil where the role sees nothing of it.
    private let encoded: [[UInt8]?]

    package func bytes(for role: Role) -> [UInt8]? { encoded[role.index] }

    /// Lends the bytes, if the role with this index sees any.
    package func withBytes(ofRoleAt index: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        encoded[index]?.withUnsafeBytes(body)
    }

    /// Whether the role sees anything of it, without taking the bytes in hand.
    package func isShown(to role: Role) -> Bool { encoded[role.index] != nil }

    private init(
        projectID: ProjectID, kind: String, at: Moment, shownItems: [ShownItem], encoded: [[UInt8]?]
    ) {
        self.projectID = projectID
        self.kind = kind
        self.at = at
        self.shownItems = shownItems
        self.encoded = encoded
    }

    /// Which items it shows is not kept, so nobody is spared it.
    package convenience init(_ stored: StoredEvent) {
        self.init(
            projectID: stored.project, kind: stored.kind, at: stored.at, shownItems: [], encoded: stored.encoded)
    }

    package func stored(as id: EventID) -> StoredEvent {
        StoredEvent(id: id, at: at, project: projectID, kind: kind, encoded: encoded)
    }

    /// Roles that see the same share its bytes.
    package var byteCount: Int { encoded.reduce(0) { $0 + ($1?.count ?? 0) } }

    /// The most bytes that a role sees.
    package var byteCountMax: Int { encoded.reduce(0) { max($0, $1?.count ?? 0) } }

    package func reissued(as id: EventID) -> JournalRecord {
        let arena = MessageArena()
        var known: [[UInt8]: [UInt8]] = [:]
        let encoded = encoded.map { bytes -> [UInt8]? in
            guard let bytes else { return nil }
            if let same = known[bytes] { return same }
            // Our own bytes can be read, or the event would be missing rather than under a wrong id.
            guard let message = try? WatchMessage(decoding: bytes, in: arena), case .event(var event) = message
            else { return nil }
            event.id = id
            let renewed = WatchMessage.event(event).encoded(in: arena)
            known[bytes] = renewed
            return renewed
        }
        return JournalRecord(
            projectID: projectID, kind: kind, at: at, shownItems: shownItems, encoded: encoded)
    }
}

extension JournalRecord {
    /// An event of which each role sees another part, or none; nil when no role sees anything of it.
    ///
    /// - Parameters:
    ///   - project: The project.
    ///   - kind: What happened.
    ///   - now: This moment.
    ///   - id: The id that it is to have.
    ///   - arena: Where it is encoded.
    ///   - event: What a role sees, under whatever id.
    convenience init?(
        project: ProjectID, kind: String, at now: Moment, id: EventID, arena: MessageArena,
        _ event: (Role) -> StatusEvent?
    ) {
        // Four roles at most: comparing costs less than a digest of all that an event says.
        var known: [(event: StatusEvent, bytes: [UInt8])] = []
        var shown: [ItemKey: Set<Role>] = [:]
        let encoded = Role.allCases.map { role -> [UInt8]? in
            guard var event = event(role) else { return nil }
            event.id = id
            if kind == EventKind.statusUpdate { for item in event.items { shown[item.key, default: []].insert(role) } }
            // Roles that see the same share its bytes.
            if let same = known.first(where: { $0.event == event }) { return same.bytes }
            let bytes = WatchMessage.event(event).encoded(in: arena)
            known.append((event, bytes))
            return bytes
        }
        guard !known.isEmpty else { return nil }
        let items = shown.map { ShownItem(item: ItemReference(project: project, key: $0.key), roles: $0.value) }
        self.init(projectID: project, kind: kind, at: now, shownItems: items, encoded: encoded)
    }
}

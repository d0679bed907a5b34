package import StatusCore
package import StatusModel

/// The events that the journal no longer has in memory, as the store kept them.
package struct EventArchive: Sendable {
    /// What follows a cursor there.
    package enum Page: Sendable {
        /// The events after it without a gap, oldest first, at most ``EventArchive/pageMax``; none when it stands at the end.
        case events([JournalRing<JournalRecord>.Entry])
        /// These sequence numbers are no longer kept, or cannot be read now.
        case lost(from: UInt64, to: UInt64)
    }

    /// How many events are read at a time.
    package static let pageMax = 64

    let store: any Store
    let journal: EventJournal

    /// The events after a cursor of the journal's epoch. It waits for the store.
    package func page(after cursor: EventID) async -> Page {
        do throws(StoreError) {
            let events = try await store.events(after: cursor, limit: Self.pageMax)
            guard let first = events.first else { return .events([]) }
            guard first.id.sequence == cursor.sequence + 1 else {
                return .lost(from: cursor.sequence + 1, to: first.id.sequence - 1)
            }
            return .events(events.map { JournalRing.Entry(id: $0.id, event: JournalRecord($0)) })
        } catch {
            return .lost(from: cursor.sequence + 1, to: journal.newestID.sequence)
        }
    }
}

package import StatusCore
package import StatusModel

/// The events that the journal no longer has in memory, as the store kept them.
package struct EventArchive: Sendable {
    /// What follows a cursor there.
    package enum Page: Sendable {
        /// The published events after it without a gap, oldest first, at most ``EventArchive/pageMax``. None where the
        /// journal itself has what follows, or says why not.
        case events([JournalRing<JournalRecord>.Entry])
        /// These sequence numbers are no longer kept.
        case lost(from: UInt64, to: UInt64)
        /// The store cannot read at the moment, and nobody can say whether anything is lost.
        case notNow
    }

    /// How many events are read at a time; fewer where they take more than ``StoredEvent/pageBytesMax``.
    package static let pageMax = 64

    let store: any Store
    let journal: EventJournal

    /// The events after a cursor of the journal's epoch, or of one that led up to it. It waits for the store.
    package func page(after cursor: EventID) async -> Page {
        let cursor = journal.continued(cursor)
        var stored: [StoredEvent] = []
        do throws(StoreError) { stored = try await store.events(after: cursor, limit: Self.pageMax) } catch {
            // One that was damaged has been begun anew by now, with what could be read of it.
            guard error.code == .corrupt else { return .notNow }
        }
        // Looked at after the answer: what has left memory since then is not missing in between.
        guard let (firstInMemory, last) = journal.extent(of: cursor) else { return .events([]) }
        // The store may hold what is not published yet, or was published in the next epoch.
        let events = stored.filter { $0.id.sequence <= last }
        let whole = events.enumerated().prefix { $1.id.sequence == cursor.sequence + 1 + UInt64($0) }
        if !whole.isEmpty {
            return .events(whole.map { JournalRing.Entry(id: $1.id, event: JournalRecord($1)) })
        }
        let next = min(events.first?.id.sequence ?? firstInMemory, firstInMemory, last + 1)
        return next > cursor.sequence + 1 ? .lost(from: cursor.sequence + 1, to: next - 1) : .events([])
    }
}

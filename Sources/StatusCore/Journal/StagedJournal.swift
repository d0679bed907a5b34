package import StatusModel

/// The journal's course between memory and store, as a value: which ids are given out, what watchers see, and what the
/// store is to hold.
///
/// An event is staged when it happens, and published when the save that holds it is durable. So nobody has ever seen an
/// id that a crash can take back, and an epoch outlasts the daemon. While the store is in trouble the journal goes on in
/// an epoch of its own, of which the store is told nothing until it keeps again: a crash then ends that epoch, and its
/// ids are never given to other events.
package struct StagedJournal<Event: JournalEvent>: Sendable {
    package typealias Entry = JournalRing<Event>.Entry

    /// Who vouches for what is published.
    enum Footing {
        /// The store: events wait for the save that holds them.
        case store
        /// Nobody, and nothing was published since: the next event begins this epoch.
        case trouble(next: UInt64)
        /// Nobody: events are published as they happen, in an epoch that the store does not know.
        case alone
    }

    /// How many bytes of events are held unless another number is asked for: a few thousand, hours of an ordinary day.
    package static var bytesMaxDefault: Int { 4 << 20 }
    /// How many renumberings are remembered.
    package static var renumberingsMax: Int { 16 }

    /// The newest events, published or not, so whatever waits is bounded with it.
    var ring: JournalRing<Event>
    let bytesMax: Int
    var byteCount = 0
    var footing: Footing
    /// The sequence numbers of the newest event that watchers see, and of the newest that the store holds.
    var published: UInt64 = 0
    var saved: UInt64 = 0
    /// Where the store says that the journal stands; nil when it says nothing that is known here.
    var standing: StoredJournal?
    /// Where earlier epochs ended, the newest first: each leads to the beginning of the one before it here, and the first to
    /// that of this one. Nothing was published in between.
    var origins: [EventID] = []
    var renumberings: [EventRenumbering] = []
    var index = RetellingIndex()

    /// An empty journal.
    ///
    /// - Parameters:
    ///   - epoch: The epoch of its ids, until it is restored.
    ///   - capacity: How many events it holds in memory at most.
    ///   - bytesMax: How many bytes of them. The newest is held whatever it takes.
    package init(
        epoch: UInt64, capacity: Int = JournalRing<Event>.capacityDefault, bytesMax: Int = bytesMaxDefault
    ) {
        ring = JournalRing(epoch: epoch, capacity: capacity)
        self.bytesMax = bytesMax
        footing = .store
    }

    /// Goes on where the store left off.
    ///
    /// - Parameters:
    ///   - stored: Where the journal stood.
    ///   - entries: Its newest events, oldest first. They are held as far as they lead up to the end without a gap.
    package mutating func restore(_ stored: StoredJournal, newest entries: [Entry]) {
        let last = max(stored.newest.sequence, entries.last?.id.sequence ?? 0)
        var first = last + 1
        for entry in entries.reversed() where entry.id.sequence == first - 1 { first -= 1 }
        ring = JournalRing(epoch: stored.newest.epoch, capacity: ring.capacity, startingAfter: first - 1)
        (byteCount, index) = (0, RetellingIndex())
        for entry in entries where entry.id.sequence >= first { hold(entry.event) }
        (published, saved, standing, origins) = (last, last, stored, stored.origins)
        footing = .store
    }

    /// The id that the next event gets.
    package var nextID: EventID {
        if case .trouble(let next) = footing { return EventID(epoch: next, sequence: 1) }
        return ring.nextID
    }

    /// Takes an event in, under ``nextID``.
    ///
    /// - Returns: Whether watchers see it at once, because nobody vouches for anything at the moment.
    package mutating func stage(_ event: Event) -> Bool {
        if case .trouble(let next) = footing {
            begin(next)
            footing = .alone
        }
        hold(event)
        guard case .alone = footing else { return false }
        return publish(through: ring.newestID.sequence)
    }

    mutating func hold(_ event: Event) {
        byteCount += event.byteCount
        while ring.count == ring.capacity || byteCount > bytesMax, dropOldest() {}
        ring.append(event)
    }

    private mutating func dropOldest() -> Bool {
        let sequence = ring.oldestID.sequence
        guard let oldest = ring.removeOldest() else { return false }
        byteCount -= oldest.byteCount
        index.forget(oldest.shownItems, at: sequence)
        return true
    }

    mutating func publish(through sequence: UInt64) -> Bool {
        guard sequence > published else { return false }
        var number = max(published + 1, ring.oldestID.sequence)
        while number <= sequence, let event = ring[number] {
            index.note(event.shownItems, at: number)
            number += 1
        }
        published = sequence
        return true
    }
}

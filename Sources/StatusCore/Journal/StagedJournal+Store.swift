import StatusModel

// The store's answers.
extension StagedJournal {
    /// The events that one save is to hold, and where the journal stands with them.
    package struct Portion: Sendable {
        /// What the store does not hold yet, oldest first.
        package var events: [Entry]
        /// Nil when the store knows already, or is not to know yet.
        package var journal: StoredJournal?
        let newest: EventID

        package var isEmpty: Bool { events.isEmpty && journal == nil }
    }

    /// Whether a save now would hold something of the journal.
    package var hasUnsaved: Bool { ring.newestID.sequence > saved || standing != current }

    /// Whether an event waits for the store.
    package var hasUnpublished: Bool { ring.newestID.sequence > published }

    /// The oldest event in memory that waits for the store.
    package var oldestUnpublished: Event? { ring[max(published + 1, ring.oldestID.sequence)] }

    /// What the next save is to hold.
    package var portion: Portion {
        let newest = ring.newestID
        let first = max(saved + 1, ring.oldestID.sequence)
        let events = first > newest.sequence ? [] : (first...newest.sequence).compactMap { entry($0) }
        return Portion(events: events, journal: standingDue, newest: newest)
    }

    /// While nobody vouches for what is published the store must not be told: it would be asked to go on from there.
    private var standingDue: StoredJournal? {
        guard case .store = footing else { return nil }
        return current == standing ? nil : current
    }

    private var current: StoredJournal { StoredJournal(newest: ring.newestID, origins: origins) }

    /// A save that held this is durable.
    ///
    /// - Returns: Whether watchers see more now.
    package mutating func saved(_ portion: Portion) -> Bool {
        if let journal = portion.journal { standing = journal }
        let isOurs = portion.newest.epoch == ring.epoch
        if isOurs { saved = max(saved, portion.newest.sequence) }
        guard case .store = footing else {
            // It keeps again, and hears of this epoch with the next save, which holds all that was published.
            footing = .store
            return false
        }
        return isOurs && portion.journal != nil ? publish(through: portion.newest.sequence) : false
    }

    /// The store has refused, or has not answered in time. What waits for it gets ids of another epoch and is published,
    /// for what became of the save is not known.
    ///
    /// - Parameter epoch: The next one, by the clock. Where that was stepped back it is not newer than this one, and says only
    ///   how far above it the next is: an epoch that a crash took with it is not to be given again.
    /// - Returns: Whether watchers see more now.
    package mutating func storeFailed(next epoch: UInt64) -> Bool {
        guard case .store = footing else { return false }
        let next = epoch > ring.epoch ? epoch : ring.epoch &+ 1 &+ (epoch & 0xFFFF_FFFF)
        guard hasUnpublished else {
            footing = .trouble(next: next)
            return false
        }
        begin(next)
        footing = .alone
        return publish(through: ring.newestID.sequence)
    }

    /// There was no store to load from: this epoch is nobody's until one keeps something.
    package mutating func storeMissing() { footing = .alone }

    /// A store has turned up late: whoever stands where it ended has missed nothing that is not in this epoch.
    package mutating func storeFound(at end: StoredJournal) {
        guard end.newest.epoch != ring.epoch else { return }
        origins = Array((origins + [end.newest] + end.origins).prefix(StoredJournal.originsMax))
    }

    /// The store has been begun anew: it gets again what is in memory.
    package mutating func storeEmptied() { (saved, standing) = (0, nil) }

    /// Begins another epoch with the events that nobody has seen.
    mutating func begin(_ epoch: UInt64) {
        let old = ring
        let end = newestID
        let first = max(published + 1, old.oldestID.sequence)
        // A number stays free for each event that memory had no room for, so that it is missed.
        ring = JournalRing(epoch: epoch, capacity: old.capacity, startingAfter: first - published - 1)
        origins = Array(([end] + origins).prefix(StoredJournal.originsMax))
        if old.newestID.sequence > published {
            let renumbering = EventRenumbering(after: end, through: old.newestID.sequence, epoch: epoch)
            renumberings = renumberings.suffix(Self.renumberingsMax - 1) + [renumbering]
        }
        (byteCount, published, saved, standing, index) = (0, 0, 0, nil, RetellingIndex())
        var number = first
        while let event = old[number] {
            hold(event.reissued(as: ring.nextID))
            number += 1
        }
    }
}

package import StatusModel

// What its readers get.
extension StagedJournal {
    /// The id of the newest event that watchers see.
    package var newestID: EventID { EventID(epoch: ring.epoch, sequence: published) }

    /// The id of the oldest event in memory; that of the next one while there is none.
    package var oldestID: EventID { ring.oldestID }

    /// At most `limit` published events after a cursor, or why they cannot be given. Those of an earlier epoch that led up to
    /// the beginning of this one are not here, and not lost with it.
    package func events(after cursor: EventID, limit: Int) -> JournalRing<Event>.Replay {
        let cursor = continued(cursor)
        guard cursor.epoch == ring.epoch else {
            return origin(behind: cursor).map {
                .truncated(lostFrom: cursor.sequence + 1, lostTo: $0.sequence)
            } ?? .epoch
        }
        guard cursor.sequence <= published else { return .future }
        let count = min(UInt64(max(0, limit)), published - cursor.sequence)
        guard count > 0 else { return .events([]) }
        return ring.events(after: cursor, limit: Int(count))
    }

    /// The same place in the newest epoch that has it: the end of one is the beginning of the next. The place itself where it
    /// is no end.
    package func continued(_ cursor: EventID) -> EventID {
        var place = cursor
        for (index, end) in origins.enumerated().reversed() where end == place {
            place = EventID(epoch: index == 0 ? ring.epoch : origins[index - 1].epoch, sequence: 0)
        }
        return place
    }

    /// Which published events there are of a cursor's epoch: the first in memory, and the last. Of one that led up to this
    /// one all that counts ended where this one began, and none is in memory. Nil for any other.
    package func extent(of cursor: EventID) -> (firstInMemory: UInt64, last: UInt64)? {
        if cursor.epoch == ring.epoch { return (ring.oldestID.sequence, published) }
        return origin(behind: cursor).map { ($0.sequence + 1, $0.sequence) }
    }

    private func origin(behind cursor: EventID) -> EventID? {
        origins.first { $0.epoch == cursor.epoch && $0.sequence > cursor.sequence }
    }

    /// The id that an event has now. Before it is published it may get another.
    package func issued(_ id: EventID) -> EventID {
        renumberings.reduce(id) { id, renumbering in renumbering(id) ?? id }
    }

    /// Whether newer events that are held say all that this one says to the role.
    package func isSuperseded(_ entry: Entry, for role: Role) -> Bool {
        entry.id.epoch == ring.epoch
            && index.isRetold(entry.event.shownItems, after: entry.id.sequence, to: role)
    }

    func entry(_ sequence: UInt64) -> Entry? {
        ring[sequence].map { Entry(id: EventID(epoch: ring.epoch, sequence: sequence), event: $0) }
    }
}

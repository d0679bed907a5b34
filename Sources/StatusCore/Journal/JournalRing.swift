package import StatusModel

/// The newest events, in order, each under an id that grows by one within an epoch (SPEC §6).
///
/// It is bounded: once `capacity` events are kept, the next one takes the place of the oldest. Whoever has another bound
/// takes the oldest out itself. Readers hold a cursor, which costs the ring nothing.
package struct JournalRing<Event: Sendable>: Sendable {
    /// One event under its id.
    package struct Entry: Sendable {
        package var id: EventID
        package var event: Event

        package init(id: EventID, event: Event) {
            self.id = id
            self.event = event
        }
    }

    /// What follows a cursor.
    package enum Replay: Sendable {
        /// The events after it, oldest first; none when it stands at the end.
        case events([Entry])
        /// The ring no longer reaches back that far; these sequence numbers are no longer here.
        case truncated(lostFrom: UInt64, lostTo: UInt64)
        /// The cursor is from another epoch.
        case epoch
        /// The cursor lies past the newest event.
        case future
    }

    /// How many events are kept unless another number is asked for.
    package static var capacityDefault: Int { 8192 }

    package let epoch: UInt64
    /// How many events are kept at most.
    package let capacity: Int
    /// Grows to the capacity; nil where none is kept.
    private var slots: [Event?] = []
    /// Where the oldest event is.
    private var head = 0
    /// How many events are kept.
    package private(set) var count = 0
    private var newestSequence: UInt64

    /// An empty ring.
    ///
    /// - Parameters:
    ///   - epoch: The epoch of all its ids.
    ///   - capacity: How many events are kept; at least one.
    ///   - sequence: The sequence number before that of the first event, when the epoch goes on after a restart.
    package init(epoch: UInt64, capacity: Int = Self.capacityDefault, startingAfter sequence: UInt64 = 0) {
        self.epoch = epoch
        self.capacity = max(1, capacity)
        // Half of the range is as good as all of it, and counting on can never overflow.
        newestSequence = min(sequence, .max / 2)
    }

    /// The id of the newest event, kept or not; sequence 0 before the first of an epoch.
    package var newestID: EventID { EventID(epoch: epoch, sequence: newestSequence) }

    /// The id of the oldest event that is kept; that of the next event while none is.
    package var oldestID: EventID { EventID(epoch: epoch, sequence: oldestSequence) }

    private var oldestSequence: UInt64 { newestSequence - UInt64(count) + 1 }

    /// The id that the next event will have, for an event that carries its own.
    package var nextID: EventID { EventID(epoch: epoch, sequence: newestSequence + 1) }

    /// Keeps the event and gives its id.
    @discardableResult
    package mutating func append(_ event: Event) -> EventID {
        if count == capacity { removeOldest() }
        if count == slots.count {
            straighten()
            slots.append(event)
        } else {
            slots[(head + count) % slots.count] = event
        }
        count += 1
        newestSequence += 1
        return newestID
    }

    /// Keeps the oldest event no longer, and gives it; nil when there is none.
    @discardableResult
    package mutating func removeOldest() -> Event? {
        guard count > 0 else { return nil }
        let event = slots[head].take()
        head = (head + 1) % slots.count
        count -= 1
        return event
    }

    /// Puts the oldest event first, so that the ring can grow at its end.
    private mutating func straighten() {
        guard head > 0 else { return }
        slots = Array(slots[head...]) + slots[..<head]
        head = 0
    }

    /// The event of that sequence number, if it is kept.
    package subscript(sequence: UInt64) -> Event? {
        guard count > 0, sequence >= oldestSequence, sequence <= newestSequence else { return nil }
        return slots[(head + Int(sequence - oldestSequence)) % slots.count]
    }

    /// At most `limit` events after the cursor, or why they cannot be given.
    package func events(after cursor: EventID, limit: Int) -> Replay {
        guard cursor.epoch == epoch else { return .epoch }
        guard cursor.sequence <= newestSequence else { return .future }
        guard cursor.sequence + 1 >= oldestSequence else {
            return .truncated(lostFrom: cursor.sequence + 1, lostTo: oldestSequence - 1)
        }
        let count = min(UInt64(max(0, limit)), newestSequence - cursor.sequence)
        let entries = (0..<count).compactMap { offset -> Entry? in
            let sequence = cursor.sequence + 1 + offset
            return self[sequence].map { Entry(id: EventID(epoch: epoch, sequence: sequence), event: $0) }
        }
        return .events(entries)
    }
}

extension JournalRing.Entry: Equatable where Event: Equatable {}
extension JournalRing.Replay: Equatable where Event: Equatable {}

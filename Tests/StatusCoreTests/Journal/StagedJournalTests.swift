import StatusCore
import StatusModel
import Testing

/// An event that is told apart by its number.
struct NumberedEvent: JournalEvent, Equatable {
    var number: Int
    var byteCount = 10
    var shownItems: [ShownItem] = []
    var id: EventID?

    func reissued(as id: EventID) -> Self {
        var event = self
        event.id = id
        return event
    }
}

@Suite("The staged journal")
struct StagedJournalTests {
    private typealias Journal = StagedJournal<NumberedEvent>

    private func id(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    private func numbers(_ journal: Journal, after cursor: EventID) -> [Int]? {
        guard case .events(let entries) = journal.events(after: cursor, limit: 100) else { return nil }
        return entries.map(\.event.number)
    }

    /// A journal whose first events the store holds.
    private func kept(_ count: Int, capacity: Int = 100) -> Journal {
        var journal = Journal(epoch: 7, capacity: capacity)
        for number in 0..<count { _ = journal.stage(NumberedEvent(number: number + 1)) }
        _ = journal.saved(journal.portion)
        return journal
    }

    @Test("an event is seen by nobody before the save that holds it is durable")
    func staged() {
        var journal = Journal(epoch: 7)
        _ = journal.stage(NumberedEvent(number: 1))
        let portion = journal.portion
        #expect(portion.events.map(\.id) == [id(1)] && portion.journal == StoredJournal(newest: id(1)))
        let isSeen = journal.stage(NumberedEvent(number: 2))
        #expect(!isSeen && journal.newestID == id(0) && numbers(journal, after: id(0)) == [])
        #expect(journal.events(after: id(1), limit: 1) == .future)
        let isPublished = journal.saved(portion)
        #expect(isPublished && numbers(journal, after: id(0)) == [1])
        #expect(journal.portion.events.map(\.id) == [id(2)])
    }

    @Test("what a store in trouble did not take is told in another epoch, into which who stood at the end goes on")
    func trouble() {
        var journal = kept(2)
        _ = journal.stage(NumberedEvent(number: 3))
        let isSeen = journal.storeFailed(next: 9)
        #expect(isSeen && journal.newestID == id(1, epoch: 9))
        #expect(numbers(journal, after: id(2)) == [3] && numbers(journal, after: id(0, epoch: 9)) == [3])
        #expect(journal.events(after: id(3), limit: 1) == .epoch)
        #expect(journal.issued(id(3)) == id(1, epoch: 9) && journal.issued(id(2)) == id(2))
        // Later ones at once.
        let isLaterSeen = journal.stage(NumberedEvent(number: 4))
        #expect(isLaterSeen && numbers(journal, after: id(2)) == [3, 4])
    }

    @Test("what led up to the end of an epoch is the store's to give, and no more of that epoch than was told")
    func earlierEpoch() {
        var journal = kept(2)
        _ = journal.stage(NumberedEvent(number: 3))
        _ = journal.storeFailed(next: 9)
        #expect(journal.events(after: id(0), limit: 10) == .truncated(lostFrom: 1, lostTo: 2))
        #expect(journal.events(after: id(1), limit: 10) == .truncated(lostFrom: 2, lostTo: 2))
        #expect(journal.events(after: id(1, epoch: 8), limit: 10) == .epoch)
        #expect(journal.extent(of: id(0))?.firstInMemory == 3 && journal.extent(of: id(0))?.last == 2)
        #expect(journal.extent(of: id(0, epoch: 9))?.firstInMemory == 1)
        #expect(journal.extent(of: id(1, epoch: 8)) == nil)
    }

    @Test("trouble in which nothing happens is no new epoch")
    func quietTrouble() {
        var journal = kept(2)
        let isSeen = journal.storeFailed(next: 9)
        #expect(!isSeen && journal.newestID == id(2))
        _ = journal.saved(journal.portion)
        _ = journal.stage(NumberedEvent(number: 3))
        #expect(journal.portion.journal == StoredJournal(newest: id(3)))
        _ = journal.storeFailed(next: 9)
        _ = journal.storeFailed(next: 10)
        #expect(journal.newestID == id(1, epoch: 9))
    }

    @Test("from each epoch the way leads through those after it, as many as are remembered")
    func lineage() {
        var journal = kept(2)
        for epoch in 8...10 as ClosedRange<UInt64> {
            _ = journal.stage(NumberedEvent(number: Int(epoch) * 10))
            _ = journal.storeFailed(next: epoch)
            for _ in 0..<3 { _ = journal.saved(journal.portion) }
            _ = journal.stage(NumberedEvent(number: Int(epoch) * 10 + 1))
            _ = journal.saved(journal.portion)
        }
        #expect(journal.portion.isEmpty && journal.newestID == id(2, epoch: 10))
        var place = id(0)
        var read: [String] = []
        while case .truncated(let from, let to) = journal.events(after: place, limit: 9) {
            let begin = journal.continued(place)
            read += (from...to).map { "\(begin.epoch).\($0)" }
            place = EventID(epoch: begin.epoch, sequence: to)
            #expect(journal.extent(of: begin)?.last == to)
        }
        #expect(read == ["7.1", "7.2", "8.1", "8.2", "9.1", "9.2"])
        #expect(numbers(journal, after: place) == [100, 101])
        #expect(journal.continued(place) == id(0, epoch: 10))
        for number in 11...10 + UInt64(StoredJournal.originsMax) {
            for _ in 0..<3 { _ = journal.saved(journal.portion) }
            _ = journal.storeFailed(next: number)
            _ = journal.stage(NumberedEvent(number: 1))
        }
        #expect(journal.events(after: id(2, epoch: 10), limit: 9) != .epoch)
        #expect(journal.events(after: id(2, epoch: 9), limit: 9) == .epoch)
    }

    @Test("a store that keeps again is told of the new epoch by the save after, with all that was published")
    func recovery() {
        var journal = kept(2)
        _ = journal.stage(NumberedEvent(number: 3))
        _ = journal.storeFailed(next: 9)
        let first = journal.portion
        #expect(first.events.map(\.id) == [id(1, epoch: 9)] && first.journal == nil)
        _ = journal.stage(NumberedEvent(number: 4))
        _ = journal.saved(first)
        let second = journal.portion
        #expect(second.events.map(\.id) == [id(2, epoch: 9)])
        #expect(second.journal == StoredJournal(newest: id(2, epoch: 9), origins: [id(2)]))
        let isSeen = journal.stage(NumberedEvent(number: 5))
        #expect(!isSeen)
        _ = journal.saved(second)
        #expect(journal.newestID == id(2, epoch: 9) && journal.hasUnpublished)
        _ = journal.saved(journal.portion)
        #expect(journal.newestID == id(3, epoch: 9) && !journal.hasUnsaved)
    }

    @Test("a save that was given up and lands after all changes nothing that was told")
    func lateLanding() {
        var journal = kept(2)
        _ = journal.stage(NumberedEvent(number: 3))
        let late = journal.portion
        _ = journal.storeFailed(next: 9)
        _ = journal.saved(late)
        #expect(journal.newestID == id(1, epoch: 9) && numbers(journal, after: id(2)) == [3])
        #expect(journal.portion.journal?.newest == id(1, epoch: 9))
    }

    @Test("it goes on where the store left off, with as many events as lead up to there without a gap")
    func restored() {
        let entries = [1, 2, 4, 5].map { JournalRing.Entry(id: id(UInt64($0)), event: NumberedEvent(number: $0)) }
        var journal = Journal(epoch: 1)
        journal.restore(StoredJournal(newest: id(5), origins: [id(3, epoch: 6)]), newest: entries)
        #expect(journal.newestID == id(5) && journal.oldestID == id(4) && !journal.hasUnsaved)
        #expect(journal.events(after: id(2), limit: 9) == .truncated(lostFrom: 3, lostTo: 3))
        #expect(journal.events(after: id(3, epoch: 6), limit: 9) == .truncated(lostFrom: 1, lostTo: 3))
        #expect(numbers(journal, after: id(3)) == [4, 5] && journal.nextID == id(6))
        // Events that the store has lost are missed, and their ids never given again.
        journal.restore(StoredJournal(newest: id(9)), newest: entries)
        #expect(
            journal.nextID == id(10) && journal.events(after: id(5), limit: 9) == .truncated(lostFrom: 6, lostTo: 9))
    }

    @Test("events for which memory has no room while they wait are missed by their numbers")
    func overflow() {
        var journal = kept(1, capacity: 3)
        for number in 2...6 { _ = journal.stage(NumberedEvent(number: number)) }
        #expect(journal.portion.events.map(\.event.number) == [4, 5, 6])
        _ = journal.storeFailed(next: 9)
        #expect(journal.newestID == id(5, epoch: 9))
        #expect(journal.events(after: id(1), limit: 9) == .truncated(lostFrom: 1, lostTo: 2))
        #expect(numbers(journal, after: id(2, epoch: 9)) == [4, 5, 6])
        #expect(journal.issued(id(6)) == id(5, epoch: 9))
    }

    @Test("without a store the epoch is its own from the start; one that turns up late ends where this one begins")
    func late() {
        var journal = Journal(epoch: 9)
        journal.storeMissing()
        let isSeen = journal.stage(NumberedEvent(number: 1))
        #expect(isSeen && journal.portion.journal == nil)
        journal.storeFound(at: StoredJournal(newest: id(4)))
        #expect(numbers(journal, after: id(4)) == [1])
        #expect(journal.events(after: id(3), limit: 1) == .truncated(lostFrom: 4, lostTo: 4))
        _ = journal.saved(journal.portion)
        #expect(journal.portion.journal == StoredJournal(newest: id(1, epoch: 9), origins: [id(4)]))
    }

    @Test("a store that was begun anew is given again what is in memory")
    func emptied() {
        var journal = kept(3, capacity: 2)
        #expect(!journal.hasUnsaved)
        journal.storeEmptied()
        #expect(journal.portion.events.map(\.event.number) == [2, 3])
        #expect(journal.portion.journal == StoredJournal(newest: id(3)))
        #expect(journal.newestID == id(3))
    }
}

import Locks
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TestSupport
import Testing

@Suite("What the journal keeps")
struct EventJournalTests {
    private let shop = project("shop")

    private func append(_ message: String, to journal: EventJournal) {
        stage(message, in: journal)
        journal.saved(journal.portion)
    }

    @discardableResult
    private func stage(_ message: String, in journal: EventJournal) -> EventID? {
        journal.append(project: shop.id, kind: "test:event", at: ManualTime().now, arena: MessageArena()) { _ in
            StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: UnixTime(seconds: 1), kind: "test:event", changed: [],
                view: StatusEnvelope(projectID: shop.id), message: message)
        }
    }

    private func replay(_ journal: EventJournal, after sequence: UInt64) -> JournalRing<JournalRecord>.Replay {
        journal.events(after: EventID(epoch: 7, sequence: sequence), limit: 1_000)
    }

    private func count(_ replay: JournalRing<JournalRecord>.Replay) -> Int? {
        if case .events(let entries) = replay { entries.count } else { nil }
    }

    @Test("no more than so many bytes of events, and the newest ones, however long each is")
    func bytes() throws {
        let journal = EventJournal(epoch: 7, bytesMax: 64 << 10)
        for index in 0..<200 { append(String(repeating: "x", count: index % 2 == 0 ? 100 : 2_000), to: journal) }
        guard case .truncated(1, let lostTo) = replay(journal, after: 0) else {
            Issue.record("nothing was let go of")
            return
        }
        guard case .events(let entries) = replay(journal, after: lostTo) else {
            Issue.record("what was not let go of is not there")
            return
        }
        let kept = entries.reduce(0) { sum, entry in
            sum + Role.allCases.reduce(0) { $0 + (entry.event.bytes(for: $1)?.count ?? 0) }
        }
        #expect(entries.last?.id == journal.newestID)
        #expect(kept <= 64 << 10)
        // One more would have been too much.
        #expect(kept > (64 << 10) - 4 * 2_200)
    }

    @Test("an event is seen once the save that holds it is durable, and who waits is called then")
    func published() {
        let journal = EventJournal(epoch: 7)
        let calls = Lock(0)
        journal.onPublish { calls.withLock { $0 += 1 } }
        let first = stage("first", in: journal)
        let portion = journal.portion
        #expect(first == EventID(epoch: 7, sequence: 1) && portion.events.count == 1)
        #expect(count(replay(journal, after: 0)) == 0 && calls.withLock { $0 } == 0)
        stage("second", in: journal)
        journal.saved(portion)
        #expect(journal.newestID == first && count(replay(journal, after: 0)) == 1 && calls.withLock { $0 } == 1)
    }

    @Test("an event that the store did not take is told under an id of another epoch, and says so itself")
    func reissued() throws {
        let journal = EventJournal(epoch: 7)
        append("first", to: journal)
        let end = journal.newestID
        let staged = try #require(stage("second", in: journal))
        journal.storeFailed(at: ManualTime().now)
        guard case .events(let entries) = journal.events(after: end, limit: 10) else {
            Issue.record("whoever stood at the end cannot go on")
            return
        }
        let entry = try #require(entries.first)
        #expect(entries.count == 1 && entry.id.epoch > 7 && entry.id.sequence == 1)
        for role in Role.allCases {
            let bytes = try #require(entry.event.bytes(for: role))
            guard case .event(let event) = try WatchMessage(decoding: bytes, in: MessageArena()) else {
                Issue.record("no event")
                return
            }
            #expect(event.id == entry.id && event.message == "second" && staged.epoch == 7)
        }
    }

    @Test("who hears of each event is called by the thousandth as by the first")
    func manyEvents() {
        let journal = EventJournal(epoch: 7)
        let depth = StackDepth()
        journal.onPublish { depth.note() }
        for index in 0..<1_000 { append("\(index)", to: journal) }
        #expect(depth.growthBytes < 1_000)
    }

    @Test("an event that alone is longer than that is kept until the next")
    func oneTooLong() {
        let journal = EventJournal(epoch: 7, bytesMax: 1_000)
        append(String(repeating: "x", count: 5_000), to: journal)
        #expect(count(replay(journal, after: 0)) == 1)
        append("short", to: journal)
        #expect(count(replay(journal, after: 0)) == nil)
        #expect(count(replay(journal, after: 1)) == 1)
    }
}

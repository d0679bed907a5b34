import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("The journal in the store", .timeLimit(.minutes(1)))
struct StoredJournalTests {
    private let rig: StoreRig
    private let samples: Samples

    init() throws {
        rig = try StoreRig()
        samples = Samples(now: rig.time.now)
    }

    private func event(_ sequence: UInt64, bytes: Int) throws -> StoredEvent {
        var event = try samples.event(sequence)
        event.encoded = Role.allCases.map { $0 == .owner ? [UInt8](repeating: 7, count: bytes) : nil }
        return event
    }

    private func sequences(_ store: SQLiteStore, after sequence: UInt64 = 0) async throws -> [UInt64] {
        var found: [UInt64] = []
        var place = EventID(epoch: 7, sequence: sequence)
        while let last = try await store.events(after: place, limit: 1_000).last {
            let page = try await store.events(after: place, limit: 1_000)
            found += page.map(\.id.sequence)
            place = last.id
        }
        return found
    }

    @Test("where it stands is kept with its events, whatever the numbers, and none is kept before it is told")
    func kept() async throws {
        let store = try await rig.openStore()
        #expect(try await store.load().journal == nil)
        var batch = StoreBatch()
        let places = [(UInt64.max, UInt64.max / 2 - 1), (0, 0), (1, 5)].map { EventID(epoch: $0.0, sequence: $0.1) }
        batch.journal = StoredJournal(newest: places[0], origins: Array(places[1...]))
        try await store.save(batch)
        #expect(try await rig.contentAfterKill().journal == batch.journal)
        // A batch that says nothing of it changes nothing.
        try await store.save(samples.everything(projects: 1))
        #expect(try await store.load().journal == batch.journal)
        batch.journal = StoredJournal(newest: places[2])
        try await store.save(batch)
        #expect(try await rig.contentAfterKill().journal == batch.journal)
    }

    @Test("it is carried over when a damaged file is begun anew")
    func salvaged() async throws {
        let store = try await rig.openStore()
        var batch = try samples.everything(projects: 3)
        batch.journal = StoredJournal(newest: EventID(epoch: 7, sequence: 3))
        try await store.save(batch)
        await store.close()
        var bytes = try #require(Bytes.read(rig.path))
        let needle = Array("https://worker-1.example".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: needle) })
        bytes[place] ^= 1
        Bytes.write(bytes, to: rig.path)
        let content = try await rig.contentOfFile()
        #expect(rig.asides.count == 1)
        #expect(content.journal == batch.journal && content.links.count == 2)
        #expect(try await rig.contentOfFile().journal == batch.journal)
    }

    @Test("where its own place is damaged it is not known any more")
    func damaged() async throws {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        batch.journal = StoredJournal(newest: EventID(epoch: 123_456_789, sequence: 3))
        try await store.save(batch)
        await store.close()
        var bytes = try #require(Bytes.read(rig.path))
        let needle = Array("123456789 3".utf8)
        let place = try #require(bytes.indices.last { bytes[$0...].starts(with: needle) })
        bytes[place] ^= 1
        Bytes.write(bytes, to: rig.path)
        #expect(try await rig.contentOfFile().journal == nil)
        #expect(rig.asides.count == 1)
    }

    @Test("a page of long events is short")
    func pages() async throws {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        for sequence in 1...20 as ClosedRange<UInt64> { batch.events.append(try event(sequence, bytes: 20_000)) }
        try await store.save(batch)
        let page = try await store.events(after: EventID(epoch: 7, sequence: 0), limit: 64)
        #expect(page.map(\.id.sequence) == [1, 2, 3, 4])
        #expect(try await sequences(store) == Array(1...20))
        #expect(try await store.events(after: EventID(epoch: 7, sequence: .max), limit: 64).isEmpty)
    }

    @Test("beyond so many bytes the oldest events go, the newest stay, and all else too")
    func trimmed() async throws {
        let store = try rig.makeStore(bytesMax: 4 << 20)
        try await store.open()
        try await store.save(samples.everything(projects: 3))
        for first in stride(from: 10, to: 6_000, by: 100) as StrideTo<UInt64> {
            var batch = StoreBatch()
            for sequence in first..<first + 100 { batch.events.append(try event(sequence, bytes: 2_000)) }
            try await store.save(batch)
        }
        let left = try await sequences(store)
        let oldest = try #require(left.first)
        #expect(left == Array(oldest...6_009) && (1_024...2_200).contains(left.count), "\(left.count) events are left")
        #expect(store.state.bytes < 12 << 20)
        let content = try await store.load()
        #expect(content.isContained(in: try samples.everything(projects: 3).content) && content.items.count == 3)
    }
}

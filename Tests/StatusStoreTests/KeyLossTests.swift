import Glibc
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("Keys that the store may have forgotten", .timeLimit(.minutes(1)))
struct KeyLossTests {
    private let rig: StoreRig
    private let samples: Samples

    init() throws {
        rig = try StoreRig()
        samples = Samples(now: rig.time.now)
    }

    /// A life of the store that keeps operations, each under a key, and is stopped.
    private func live(keys: Range<Int> = 0..<24, journal: UInt64 = 1) async throws {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        batch.operations = try keys.map { try samples.operation($0, key: "key-\($0)") }
        batch.runs = try keys.map { try samples.run($0, id: "run-\($0)") }
        batch.journal = StoredJournal(newest: EventID(epoch: 7, sequence: journal))
        try await store.save(batch)
        await store.close()
    }

    /// What a start knows to be lost, once it has looked through the file.
    private func lossAtStart(keeping: Bool = true) async throws -> KeyLoss? {
        let store = try await rig.openStore()
        await store.check()
        // The first answer of a damaged one is its damage.
        _ = try? await store.load()
        _ = try await store.load()
        if keeping { try await store.save(StoreBatch()) }
        await store.close()
        return store.state.keyLoss
    }

    @Test("none, as long as the file is what it was")
    func none() async throws {
        try await live()
        #expect(try await lossAtStart() == nil)
        #expect(!rig.notices.contains { if case .keysLost = $0 { true } else { false } })
    }

    @Test("all, where an operation is damaged; a start later still knows, also of another boot, for a day")
    func damaged() async throws {
        try await live()
        #expect(Bytes.flip(marker: "key-9", in: rig.path) > 0)
        let loss = try #require(try await lossAtStart())
        #expect(rig.notices.contains(.keysLost(until: loss.noticedAt.wall.advanced(by: .seconds(86_400)))))
        rig.time.advance(by: .seconds(86_000))
        #expect(try await lossAtStart() == loss)
        rig.time.rebootHost()
        let restored = try #require(try await lossAtStart())
        #expect(restored.counts(at: rig.time.now) && restored.noticedAt.wall == loss.noticedAt.wall)
        rig.time.advance(by: .seconds(401))
        #expect(try await lossAtStart()?.counts(at: rig.time.now) == false)
    }

    @Test("none, where what is damaged is another table")
    func otherTable() async throws {
        try await live()
        #expect(Bytes.flip(marker: "run-9", in: rig.path) > 0)
        #expect(try await lossAtStart() == nil)
        #expect(rig.asides.count == 1)
    }

    @Test("all, where the index of keys no longer says what the table says")
    func index() async throws {
        try await live()
        let bytes = try #require(Bytes.read(rig.path))
        let row = Array("project-9adakey-9".utf8)
        let entry = row.suffix(8)
        let place = try #require(
            bytes.indices.dropLast(row.count).first { start in
                bytes[start..<start + 8].elementsEqual(entry)
                    && !bytes[(start - 9)..<start + 8].elementsEqual(row)
            })
        var damaged = bytes
        damaged[place + 7] ^= 1
        Bytes.write(damaged, to: rig.path)
        #expect(try await lossAtStart() != nil)
    }

    @Test("none that a row holds is unknown, wherever a bit of it is flipped, before the file is looked through")
    func hiddenRow() async throws {
        try await live()
        let bytes = try #require(Bytes.read(rig.path))
        let key = Array("key-9".utf8)
        let places = bytes.indices.dropLast(key.count).filter { bytes[$0..<$0 + key.count].elementsEqual(key) }
        #expect(places.count > 1)
        for place in places {
            var damaged = bytes
            damaged[place + 4] ^= 1
            Bytes.write(damaged, to: rig.path)
            let store = try await rig.openStore()
            let name = OperationName(owner: "ada", key: "key-9")
            var known: OperationRecord?
            do throws(StoreError) {
                known = try await store.operation(name)
                if known == nil { try await store.makeSureUnknown(name) }
            } catch {
                // The first answer of a damaged store is its damage.
                known = try await store.operation(name)
            }
            #expect(known != nil || store.state.keyLoss != nil, "at \(place)")
            await store.close()
        }
    }

    @Test("all, where nothing of the file can be read")
    func unreadable() async throws {
        try await live()
        Bytes.write(Array(repeating: 0x5A, count: 8_192), to: rig.path)
        #expect(try await lossAtStart() != nil)
    }

    @Test(
        "all, where the file was removed, or is an older copy, until a commit has kept that", arguments: [true, false])
    func putBack(isRemoved: Bool) async throws {
        try await live(journal: 1)
        let copy = try #require(Bytes.read(rig.path))
        try await live(keys: 24..<30, journal: 2)
        if isRemoved { unlink(rig.path) } else { Bytes.write(copy, to: rig.path) }
        // Killed before its first commit, a daemon leaves the mark as it was.
        #expect(try await lossAtStart(keeping: false) != nil)
        rig.time.advance(by: .seconds(60))
        let loss = try #require(try await lossAtStart())
        #expect(rig.time.now.age(since: loss.noticedAt) == .zero)
        try await live(keys: 30..<31, journal: 3)
        #expect(try await lossAtStart() == loss)
    }

    @Test("all, where what was noticed of them is damaged, or the file is damaged once more")
    func twice() async throws {
        try await live()
        #expect(Bytes.flip(marker: "key-9", in: rig.path) > 0)
        let first = try #require(try await lossAtStart())
        rig.time.advance(by: .seconds(60))
        #expect(Bytes.flip(marker: "run-9", in: rig.path) > 0)
        #expect(try await lossAtStart() == first)
        #expect(Bytes.flip(marker: " \(first.noticedAt.wall.nanoseconds)", in: rig.path) > 0)
        let second = try #require(try await lossAtStart())
        #expect(rig.time.now.age(since: second.noticedAt) == .zero)
    }

    @Test("all, where the file was taken away under a store that has it open")
    func replaced() async throws {
        try await live()
        let store = try await rig.openStore()
        unlink(rig.path)
        var batch = StoreBatch()
        batch.journal = StoredJournal(newest: EventID(epoch: 7, sequence: 2))
        let error = await #expect(throws: StoreError.self) { try await store.save(batch) }
        #expect(error?.code == .corrupt)
        #expect(try await store.operation(OperationName(owner: "ada", key: "key-1")) == nil)
        #expect(store.state.keyLoss != nil, "whoever is told that there is no such key is told this too")
        try await store.save(batch)
        await store.close()
        #expect(try await lossAtStart() != nil)
    }
}

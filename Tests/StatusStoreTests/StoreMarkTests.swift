import Glibc
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("A store that was put back from a copy", .timeLimit(.minutes(1)))
struct StoreMarkTests {
    private let rig: StoreRig

    init() throws { rig = try StoreRig() }

    private var mark: String { rig.path + ".mark" }

    private func place(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    /// A life of the store that takes the journal to these places, and is stopped.
    private func live(_ journals: StoredJournal...) async throws {
        let store = try await rig.openStore()
        for journal in journals {
            var batch = StoreBatch()
            batch.journal = journal
            try await store.save(batch)
        }
        await store.close()
    }

    @Test("does not say where the journal stands, until it is told anew")
    func olderCopy() async throws {
        try await live(StoredJournal(newest: place(3)))
        let copy = try #require(Bytes.read(rig.path))
        #expect(try await rig.contentOfFile().journal?.newest == place(3))
        try await live(StoredJournal(newest: place(4)))
        Bytes.write(copy, to: rig.path)
        #expect(try await rig.contentOfFile().journal == nil)
        #expect(rig.notices.contains(.putBack))
        let anew = StoredJournal(newest: place(0, epoch: 9))
        try await live(anew)
        #expect(try await rig.contentOfFile().journal == anew)
    }

    @Test("is known also when all of its directory was put back with it")
    func wholeDirectory() async throws {
        try await live(StoredJournal(newest: place(3)))
        let copies = try [rig.path, mark].map { ($0, try #require(Bytes.read($0))) }
        try await live(StoredJournal(newest: place(4)))
        for (name, bytes) in copies {
            unlink(name)
            Bytes.write(bytes, to: name)
        }
        #expect(try await rig.contentOfFile().journal == nil)
    }

    @Test("is as good as the one that it replaces where nothing has happened since")
    func sameCopy() async throws {
        let journal = StoredJournal(newest: place(3))
        try await live(journal)
        let copy = try #require(Bytes.read(rig.path))
        unlink(rig.path)
        Bytes.write(copy, to: rig.path)
        #expect(try await rig.contentOfFile().journal == journal)
        #expect(!rig.notices.contains(.putBack))
    }

    @Test("a daemon that was killed finds its place, also between a commit and its mark")
    func killed() async throws {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        var before: [UInt8] = []
        for journal in [
            StoredJournal(newest: place(3)), StoredJournal(newest: place(0, epoch: 9), origins: [place(3)]),
        ] {
            before = Bytes.read(mark) ?? []
            batch.journal = journal
            try await store.save(batch)
            #expect(try await rig.contentAfterKill().journal == journal)
        }
        Bytes.write(before, to: mark)
        #expect(try await rig.contentAfterKill().journal == batch.journal)
    }

    @Test("a mark that is missing or damaged costs one epoch, and no start", arguments: [true, false])
    func withoutMark(isMissing: Bool) async throws {
        let journal = StoredJournal(newest: place(3))
        try await live(journal)
        if isMissing {
            unlink(mark)
        } else {
            var bytes = try #require(Bytes.read(mark))
            bytes[8] ^= 1
            Bytes.write(bytes, to: mark)
        }
        #expect(try await rig.contentOfFile().journal == nil)
        try await live(journal)
        #expect(try await rig.contentOfFile().journal == journal)
    }

    @Test("where no mark can be written the store keeps all the same")
    func unwritable() async throws {
        mkdir(mark, 0o700)
        let store = try await rig.openStore()
        var batch = StoreBatch()
        batch.journal = StoredJournal(newest: place(3))
        try await store.save(batch)
        #expect(store.state.error == nil)
        await store.close()
        #expect(try await rig.contentOfFile().journal == nil)
    }
}

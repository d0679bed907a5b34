import Glibc
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("Lost keys that somebody accepts", .timeLimit(.minutes(1)))
struct AcceptedLossTests {
    private let rig: StoreRig

    init() throws { rig = try StoreRig() }

    private func save(_ store: SQLiteStore, journal: UInt64) async throws {
        var batch = StoreBatch()
        batch.journal = StoredJournal(newest: EventID(epoch: 7, sequence: journal))
        try await store.save(batch)
    }

    /// A life of the store in a directory that was copied over: the mark is another file.
    private func moveDirectory() async throws {
        let store = try await rig.openStore()
        try await save(store, journal: 1)
        await store.close()
        let mark = try #require(Bytes.read(rig.path + ".mark"))
        let kept = open(rig.path + ".mark", O_RDONLY)
        defer { close(kept) }
        unlink(rig.path + ".mark")
        Bytes.write(mark, to: rig.path + ".mark")
    }

    @Test("count no more, over restarts too, and can be accepted once")
    func accepted() async throws {
        try await moveDirectory()
        let store = try await rig.openStore()
        #expect(store.state.keyLoss != nil)
        try await save(store, journal: 2)
        await store.close()
        let next = try await rig.openStore()
        #expect(next.state.keyLoss != nil)
        #expect(try await next.acceptKeyLoss())
        #expect(next.state.keyLoss == nil)
        #expect(try await !next.acceptKeyLoss())
        await next.close()
        let last = try await rig.openStore()
        #expect(last.state.keyLoss == nil)
        await last.close()
    }

    @Test("are found again where no save has made the file known before the end")
    func unmarked() async throws {
        try await moveDirectory()
        let store = try await rig.openStore()
        #expect(try await store.acceptKeyLoss())
        #expect(store.state.keyLoss == nil)
        await store.close()
        let next = try await rig.openStore()
        #expect(next.state.keyLoss != nil)
        await next.close()
    }

    @Test("are told of with their reason, once in a life, where the mark cannot be written")
    func markRefused() async throws {
        #expect(mkdir(rig.path + ".mark", 0o700) == 0)
        let store = try await rig.openStore()
        for journal in 1...3 as ClosedRange<UInt64> { try await save(store, journal: journal) }
        await store.close()
        #expect(rig.notices.count { $0 == .markRefused(path: rig.path + ".mark") } == 1)
    }
}

import Glibc
import SQLiteDatabase
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("Opening the store", .timeLimit(.minutes(1)))
struct StoreOpeningTests {
    private let rig: StoreRig
    private let samples: Samples

    init() throws {
        rig = try StoreRig()
        samples = Samples(now: rig.time.now)
    }

    /// A second step that some later daemon has.
    private var later: Migrations {
        var migrations = Migrations.store
        let version = migrations.newest + 1
        migrations.steps.append(
            Migrations.Step(version: version, sql: "CREATE TABLE later (a TEXT) STRICT; DROP TABLE budgets;"))
        migrations.steps.append(
            Migrations.Step(
                version: version + 1,
                sql: """
                    CREATE TABLE budgets (
                        upstream TEXT NOT NULL UNIQUE, record BLOB NOT NULL, seal INTEGER NOT NULL) STRICT
                    """))
        return migrations
    }

    @Test("brings the file of an earlier daemon to today's schema, with all that is in it")
    func migration() async throws {
        let store = try await rig.openStore()
        let batch = try samples.everything(projects: 3)
        try await store.save(batch)
        await store.close()
        let next = try await rig.openStore(migrations: later)
        #expect(rig.notices == [.created, .migrated(from: 3, to: 5)])
        var content = batch.content
        content.budgets = []
        #expect(try await next.load().asSets == content.asSets)
        try await next.save(batch)
        await next.close()
        // Once is enough.
        let third = try await rig.openStore(migrations: later)
        #expect(rig.notices.count == 2)
        #expect(try await third.load().asSets == batch.content.asSets)
    }

    @Test("refuses the file of a newer daemon with a sentence, and leaves it as it is")
    func newerSchema() async throws {
        let store = try await rig.openStore(migrations: later)
        try await store.save(try samples.everything(projects: 3))
        await store.close()
        let before = try #require(Bytes.read(rig.path))
        let older = try rig.makeStore()
        let error = await #expect(throws: StoreError.self) { try await older.open() }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains(rig.path) == true)
        #expect(error?.message.contains("its schema is 5, this daemon's is 3") == true)
        #expect(Bytes.read(rig.path) == before)
        #expect(rig.asides.isEmpty)
        // Whoever starts the newer daemon again finds all.
        _ = try await rig.openStore(migrations: later)
        #expect(rig.asides.isEmpty)
    }

    @Test("refuses a newer daemon's file too when that was killed, log and all")
    func newerSchemaInTheLog() async throws {
        let store = try await rig.openStore(migrations: later)
        try await store.save(try samples.everything(projects: 3))
        let image = rig.folder["image.db"]
        for suffix in ["", "-wal"] { Bytes.write(try #require(Bytes.read(rig.path + suffix)), to: image + suffix) }
        let before = ["", "-wal"].map { Bytes.read(image + $0) }
        let older = try rig.makeStore(at: image)
        let error = await #expect(throws: StoreError.self) { try await older.open() }
        #expect(error?.code == .newerSchema)
        #expect(["", "-wal"].map { Bytes.read(image + $0) } == before)
    }

    @Test("tells a second daemon that the file is in use, until the first lets go")
    func inUse() async throws {
        let store = try await rig.openStore()
        let second = try rig.makeStore()
        let error = await #expect(throws: StoreError.self) { try await second.open() }
        #expect(error?.code == .inUse)
        #expect(rig.notices == [.created], "the second one says so by itself, and it is no trouble that passes")
        await #expect(throws: StoreError.self) { try await second.save(StoreBatch()) }
        await store.close()
        try await second.open()
        try await second.save(try samples.everything(projects: 1))
    }

    @Test("sets a file aside that another program wrote")
    func foreignFile() async throws {
        Bytes.write([], to: rig.path)
        let foreign = try Database(path: rig.path)
        try foreign.execute("PRAGMA application_id = 42; CREATE TABLE theirs (a TEXT); CREATE TABLE items (b)")
        try foreign.run("INSERT INTO theirs VALUES ('precious')")
        foreign.close()
        let before = Bytes.read(rig.path)
        let store = try await rig.openStore()
        try await store.save(try samples.everything(projects: 1))
        let aside = try #require(rig.asides.first)
        #expect(aside.hasPrefix("store.db.corrupt-20260101T000000Z"))
        #expect(Bytes.read(rig.folder[aside]) == before)
        #expect(rig.notices.contains(.setAside(path: rig.folder[aside])))
        #expect(store.state.error == nil)
    }

    @Test("sets a file aside that is no database", arguments: [2, 99, 4_096, 10_000])
    func noDatabase(size: Int) async throws {
        Bytes.write([UInt8](repeating: 0x41, count: size), to: rig.path)
        let store = try await rig.openStore()
        let batch = try samples.everything(projects: 2)
        try await store.save(batch)
        #expect(try await store.load().asSets == batch.content.asSets)
        #expect(rig.asides.count == 1)
        // A second one within the same second gets a name of its own.
        await store.close()
        Bytes.write([UInt8](repeating: 0x42, count: size), to: rig.path)
        _ = try await rig.openStore()
        #expect(rig.asides.count == 2)
    }

    @Test("takes nothing that is no file for its file")
    func noFile() async throws {
        let elsewhere = rig.folder["elsewhere"]
        Bytes.write([], to: elsewhere)
        symlink(elsewhere, rig.path)
        let store = try await rig.openStore()
        #expect(store.state.error?.code == .unavailable)
        #expect(store.state.error?.message.contains("a symbolic link stands there") == true)
        #expect(Bytes.read(elsewhere) == [])
        // It looks again when it is asked, and not more often than once a second.
        unlink(rig.path)
        await #expect(throws: StoreError.self) { try await store.load() }
        rig.time.advance(by: .seconds(1))
        #expect(try await store.load() == StoreContent())
        #expect(store.state.error == nil)
        #expect(rig.notices.last == .reached)
    }

    @Test("goes on by itself once the directory can be made")
    func directory() async throws {
        let path = rig.folder["sub/store.db"]
        Bytes.write([], to: rig.folder["sub"])
        let store = try await rig.openStore(at: path)
        #expect(store.state.error?.code == .unavailable)
        let batch = try samples.everything(projects: 1)
        await #expect(throws: StoreError.self) { try await store.save(batch) }
        unlink(rig.folder["sub"])
        rig.time.advance(by: .seconds(2))
        try await store.save(batch)
        #expect(store.state.error == nil)
        #expect(rig.notices.filter { if case .trouble = $0 { true } else { false } }.count == 1)
    }

    @Test("finishes what a daemon left that was killed while it set a file aside", arguments: [true, false])
    func interruptedSettingAside(fileIsGone: Bool) async throws {
        let store = try await rig.openStore()
        let batch = try samples.everything(projects: 3)
        try await store.save(batch)
        await store.close()
        rename(rig.path, rig.path + ".rescue")
        if !fileIsGone { Bytes.write(Array("damaged".utf8), to: rig.path) }
        Bytes.write(Array("half".utf8), to: rig.path + ".rescue-part")
        let next = try await rig.openStore()
        #expect(try await next.load().asSets == batch.content.asSets)
        #expect(rig.asides.count == (fileIsGone ? 0 : 1))
    }

    @Test("notices that its file was removed, and begins another for what is saved again")
    func removed() async throws {
        let store = try await rig.openStore()
        let batch = try samples.everything(projects: 2)
        try await store.save(batch)
        for name in rig.folder.names { unlink(rig.folder[name]) }
        let error = await #expect(throws: StoreError.self) { try await store.save(StoreBatch()) }
        #expect(error?.code == .corrupt)
        try await store.save(batch)
        #expect(store.state.error == nil)
        #expect(try await rig.contentAfterKill().asSets == batch.content.asSets)
    }
}

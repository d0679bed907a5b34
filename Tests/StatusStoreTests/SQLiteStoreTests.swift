import Glibc
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("The SQLite store", .timeLimit(.minutes(1)))
struct SQLiteStoreTests {
    private let rig: StoreRig
    private let samples: Samples

    init() throws {
        rig = try StoreRig()
        samples = Samples(now: rig.time.now)
    }

    @Test("gives back all that it kept, to itself and to the next daemon")
    func keeping() async throws {
        let store = try await rig.openStore()
        let batch = try samples.everything(projects: 5)
        try await store.save(batch)
        #expect(try await store.load().asSets == batch.content.asSets)
        await store.close()
        let next = try await rig.openStore()
        #expect(try await next.load().asSets == batch.content.asSets)
        #expect(try await next.run("run-3", of: samples.project(3), kind: "diagnostics") == batch.runs[3])
        #expect(try await next.run("run-3", of: samples.project(2), kind: "diagnostics") == nil)
        #expect(try await next.operation("operation-1") == batch.operations[1])
        #expect(try await next.operation(OperationName(owner: "ada", key: "key-2")) == batch.operations[2])
        #expect(try await next.operation(OperationName(owner: "bob", key: "key-2")) == nil)
        #expect(try await next.events(after: EventID(epoch: 7, sequence: 2), limit: 2) == Array(batch.events[2...3]))
        #expect(try await next.events(after: EventID(epoch: 8, sequence: 0), limit: 2).isEmpty)
        #expect(next.state.error == nil)
        #expect(next.state.bytes > 10_000)
        #expect(rig.notices == [.created])
    }

    @Test("keeps the newer of two records, and forgets what is removed")
    func changing() async throws {
        let store = try await rig.openStore()
        try await store.save(try samples.everything(projects: 4))
        var batch = StoreBatch()
        batch.projects = [try samples.stored(0, revision: 9)]
        batch.removedItems = [ItemReference(project: try samples.project(1), key: .provider(.github))]
        batch.removedProjects = [try samples.project(2)]
        batch.removedLinkChanges = [try samples.linkChange(0).reference]
        batch.breakers = [StoredBreaker(upstream: "github", place: "https://host-3.example", record: nil)]
        try await store.save(batch)
        let content = try await store.load()
        #expect(content.projects.first { $0.id.rawValue == "project-0" }?.revisions[.owner] == 9)
        #expect(Set(content.items.map(\.project.rawValue)) == ["project-0", "project-3"])
        #expect(content.links.count == 3)
        #expect(content.projects.count == 3)
        #expect(content.runs.count == 3)
        #expect(content.breakers.count == 3)
        // What an action made of a link outlives that the item is read no more, but not its project.
        #expect(Set(content.linkChanges.map(\.project.rawValue)) == ["project-1", "project-3"])
        // A project that goes and comes in one batch is there.
        batch = StoreBatch()
        batch.removedProjects = [try samples.project(3)]
        batch.projects = [try samples.stored(3)]
        try await store.save(batch)
        #expect(try await store.load().projects.count == 3)
        #expect(try await store.operation("operation-2") != nil)
    }

    @Test("counts a batch that is saved again as saved once")
    func repeating() async throws {
        let store = try await rig.openStore()
        var batch = try samples.everything(projects: 2)
        batch.runs.append(try samples.run(0, id: ""))
        for _ in 0..<3 { try await store.save(batch) }
        #expect(try await store.events(after: EventID(epoch: 7, sequence: 0), limit: 100).count == 2)
        // An operation of the same owner under a key that was used before takes its place.
        var next = StoreBatch()
        next.operations = [try samples.operation(0, key: "key-0")]
        next.operations[0].id = "another"
        try await store.save(next)
        #expect(try await store.operation("operation-0") == nil)
        #expect(try await store.operation("another") != nil)
        await store.close()
        let content = try await rig.contentOfFile()
        #expect(content.asSets[0] == batch.content.asSets[0])
    }

    @Test("gives the newest run of each kind at start")
    func newestRuns() async throws {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        for (id, seconds) in [("a", 1), ("b", 3), ("c", 2)] {
            batch.runs.append(try samples.run(1, id: id, after: .seconds(-seconds)))
            batch.runs.append(try samples.run(1, id: id, kind: "smoke_tests", after: .seconds(seconds - 10)))
        }
        try await store.save(batch)
        #expect(Set(try await store.load().runs.map { $0.id + $0.run.kind }) == ["adiagnostics", "bsmoke_tests"])
    }

    @Test("makes its directory and file for its owner alone")
    func privacy() async throws {
        let path = rig.folder["some/where/store.db"]
        let store = try await rig.openStore(at: path)
        try await store.save(try samples.everything(projects: 1))
        var status = stat()
        for (name, mode) in [("some", 0o700), ("some/where", 0o700), ("some/where/store.db", 0o600)] {
            #expect(stat(rig.folder[name], &status) == 0)
            #expect(status.st_mode & 0o777 == mode_t(mode))
        }
        #expect(stat(path + "-wal", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("throws for whoever calls it before it is opened, or after it was closed")
    func phases() async throws {
        let store = try rig.makeStore()
        #expect(store.state.error?.code == .unavailable)
        await #expect(throws: StoreError.self) { try await store.load() }
        try await store.open()
        #expect(store.state.error == nil)
        await store.close()
        await store.close()
        await #expect(throws: StoreError.self) { try await store.save(StoreBatch()) }
        #expect(store.state.error?.message.contains("closed") == true)
        // All is in the file.
        #expect((Bytes.read(rig.log) ?? []).isEmpty)
    }

    @Test("commits what many save at once with few commits, and all of it is durable")
    func groupCommit() async throws {
        let rig = try StoreRig(isOnDisk: true)
        let disk = FaultyDisk()
        let store = try await rig.openStore(on: disk)
        let before = disk.logSyncs
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<1_000 {
                group.addTask { [samples] in
                    var batch = StoreBatch()
                    do {
                        batch.projects = [try samples.stored(number)]
                        try await store.save(batch)
                        return false
                    } catch {
                        return true
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 0)
        #expect(disk.logSyncs - before < 250, "\(disk.logSyncs - before) commits of 1000 saves")
        #expect(try await rig.contentAfterKill().projects.count == 1_000)
    }

    @Test("takes no more saves at once than it has places")
    func waitingSaves() async throws {
        let store = try await rig.openStore()
        let most = SQLiteStore.waitingSavesMax
        let outcomes = await withTaskGroup(of: StoreError.Code?.self) { group in
            for _ in 0..<most * 3 {
                group.addTask {
                    do throws(StoreError) { try await store.save(StoreBatch()) } catch { return error.code }
                    return nil
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes[nil, default: 0] >= most / 2)
        #expect(Set(outcomes.keys).isSubset(of: [nil, .unavailable]))
        try await store.save(try samples.everything(projects: 1))
    }

    @Test("moves a long log into the file by itself")
    func checkpoints() async throws {
        let store = try await rig.openStore()
        for round in 0..<12 {
            var batch = StoreBatch()
            for number in 0..<400 { batch.items.append(try samples.item(number, text: "round \(round) ")) }
            try await store.save(batch)
        }
        // A log of 12 times 400 KB would be larger.
        _ = try await store.load()
        #expect(try #require(Bytes.read(rig.log)).count < 4_700_000)
        #expect(try #require(Bytes.read(rig.path)).count > 400_000)
        #expect(try await rig.contentAfterKill().items.count == 400)
    }
}

import SQLiteDatabase
import Signatures
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("Operations in the store", .timeLimit(.minutes(1)))
struct OperationStoreTests {
    private let rig: StoreRig
    private let samples: Samples

    init() throws {
        rig = try StoreRig()
        samples = Samples(now: rig.time.now)
    }

    private func ago(_ seconds: Int) -> Moment { samples.now.advanced(by: .seconds(-seconds)) }

    private func keep(_ operations: [OperationRecord]) async throws -> SQLiteStore {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        batch.operations = operations
        try await store.save(batch)
        return store
    }

    @Test("a list gives the newest first, a page at a time, of one item where that is asked for")
    func list() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var operations: [OperationRecord] = []
        for number in 0..<60 {
            var operation = try samples.operation(
                number, of: Int(generator.next() % 2), key: "key-\(number)",
                createdAt: ago(Int(generator.next() % 20)))
            if generator.chance() { operation.item.key = .provider(.github) }
            operations.append(operation)
        }
        let store = try await keep(operations)
        let project = try samples.project(0)
        for key in [nil, ItemKey.provider(.github), .provider(.sanity)] {
            let expected = operations.filter { $0.item.project == project && (key == nil || $0.item.key == key) }
                .sorted { ($0.createdAt.wall, $0.id) > ($1.createdAt.wall, $1.id) }
            var (listed, place): ([OperationRecord], OperationPlace?) = ([], nil)
            repeat {
                let page = try await store.operations(of: project, key: key, after: place, limit: 7)
                #expect(page.count <= 7)
                listed += page
                place = page.last.map { OperationPlace(behind: $0) }
            } while place != nil
            #expect(listed == expected, "seed \(seed)")
        }
        #expect(try await store.operations(of: project, key: nil, after: nil, limit: 0).isEmpty)
        #expect(try await store.operations(of: project, key: nil, after: nil, limit: -1).isEmpty)
    }

    @Test("a start is given what is not over, and what was recorded within two minutes")
    func start() async throws {
        let store = try await keep([
            try samples.operation(1, key: "a", createdAt: ago(3_600)),
            try samples.operation(2, key: "b", endedAt: ago(119)),
            try samples.operation(3, key: "c", endedAt: ago(121)),
            // It ended just now, and was recorded long ago.
            try samples.operation(4, key: "d", createdAt: ago(600), endedAt: ago(1)),
        ])
        #expect(Set(try await store.load().operations.map(\.id)) == ["operation-1", "operation-2"])
        // Stepping the wall clock makes nothing older as long as the host runs.
        rig.time.stepWallClock(by: .seconds(3_600))
        #expect(Set(try await store.load().operations.map(\.id)) == ["operation-1", "operation-2"])
        rig.time.stepWallClock(by: .seconds(-3_600))
        rig.time.rebootHost()
        #expect(Set(try await store.load().operations.map(\.id)) == ["operation-1", "operation-2"])
        rig.time.stepWallClock(by: .seconds(3_600))
        #expect(try await store.load().operations.map(\.id) == ["operation-1"])
    }

    @Test("one that was begun and had sent nothing comes back as one that was recorded")
    func begun() async throws {
        var operation = try samples.operation(1, key: "a")
        operation.begin(sending: false, at: samples.now)
        #expect(operation.state == .running)
        let store = try await keep([operation])
        let kept = try #require(try await store.operation(operation.id))
        #expect(kept.state == .pending)
        #expect(kept.stage == .recorded)
        #expect(kept.version == operation.version)
    }

    @Test("an owner has a key once, over all projects")
    func owners() async throws {
        let store = try await keep([
            try samples.operation(1, key: "key"), try samples.operation(2, key: "key", owner: "bob"),
        ])
        #expect(try await store.operation(OperationName(owner: "ada", key: "key"))?.id == "operation-1")
        #expect(try await store.operation(OperationName(owner: "bob", key: "key"))?.id == "operation-2")
        var batch = StoreBatch()
        batch.operations = [try samples.operation(3, key: "key")]
        try await store.save(batch)
        #expect(try await store.operation(OperationName(owner: "ada", key: "key"))?.id == "operation-3")
        #expect(try await store.operation("operation-1") == nil)
    }

    @Test("a project that goes leaves its operations, for their keys count on")
    func removedProject() async throws {
        let store = try await keep([try samples.operation(1, key: "key")])
        var batch = StoreBatch()
        batch.removedProjects = [try samples.project(1)]
        try await store.save(batch)
        #expect(try await store.operation("operation-1") != nil)
    }

    @Test("a file of the schema before has all it had, and takes operations by their owner's key")
    func migration() async throws {
        let operation = try samples.operation(1, key: "key")
        let coder = RecordCoder(boot: rig.time.boot, now: rig.time.now)
        var steps = Migrations.store.steps
        steps.removeAll { $0.version > 2 }
        try await rig.openStore(migrations: Migrations(steps: steps)).close()
        let database = try Database(path: rig.path)
        let record = coder.encode(operation)
        try database.run(
            "INSERT INTO operations (id, project, user, request, record, seal) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(operation.id), .text(operation.item.project.rawValue), .text(operation.name.owner),
                .text(operation.name.key), .blob(record), .integer(Self.seal(of: record)),
            ])
        database.close()
        let store = try await rig.openStore()
        #expect(rig.notices == [.created, .migrated(from: 2, to: 3)])
        #expect(try await store.operation(operation.id) == operation)
        #expect(try await store.operation(operation.name) == operation)
        #expect(try await store.load().operations == [operation])
        #expect(rig.asides.isEmpty)
    }

    private static func seal(of record: [UInt8]) -> Int64 {
        Int64(bitPattern: SHA256Digest.bytes(of: record).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}

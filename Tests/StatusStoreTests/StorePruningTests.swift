import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("Forgetting what is past its time", .timeLimit(.minutes(1)))
struct StorePruningTests {
    private let rig: StoreRig
    private let samples: Samples

    init() throws {
        rig = try StoreRig()
        samples = Samples(now: rig.time.now)
    }

    private func ago(_ hours: Int) -> Moment { samples.now.advanced(by: .seconds(-3_600 * hours)) }

    private func sequences(_ store: SQLiteStore) async throws -> [UInt64] {
        try await store.events(after: EventID(epoch: 7, sequence: 0), limit: 10_000).map(\.id.sequence)
    }

    /// Events 1 to 4, of 30, 25, 23 and 0 hours ago.
    private func events() throws -> StoreBatch {
        var batch = StoreBatch()
        for (sequence, hours) in [(1, 30), (2, 25), (3, 23), (4, 0)] {
            batch.events.append(try samples.event(UInt64(sequence), at: ago(hours)))
        }
        return batch
    }

    @Test("keeps the newest run of each kind, and what is not over")
    func keeping() async throws {
        let store = try await rig.openStore()
        var batch = try events()
        for (id, hours) in [("old", 50), ("newest", 40)] {
            batch.runs.append(try samples.run(1, id: id, after: .seconds(-3_600 * hours)))
        }
        batch.runs.append(try samples.run(2, id: "recent", after: .seconds(-3_600)))
        batch.runs.append(try samples.run(2, id: "outdated", after: .seconds(-3_600 * 30)))
        batch.runs.append(try samples.run(2, id: "other", kind: "smoke_tests", after: .seconds(-3_600 * 30)))
        batch.operations = [
            try samples.operation(1, key: "a", endedAt: ago(30)), try samples.operation(2, key: "b", endedAt: ago(26)),
            try samples.operation(3, key: "c"),
        ]
        batch.deliveries = [
            try samples.delivery(1, id: "old", at: ago(25)), try samples.delivery(1, id: "new", at: ago(23)),
        ]
        try await store.save(batch)
        try await store.prune(before: ago(24), operationsBefore: ago(28))
        #expect(try await sequences(store) == [3, 4])
        let project = try samples.project(1)
        #expect(try await store.delivery("old", of: project, from: .github) == nil)
        #expect(try await store.delivery("new", of: project, from: .github) == batch.deliveries[1])
        #expect(try await store.delivery("new", of: project, from: .vercel) == nil)
        var left: [String] = []
        for run in batch.runs where try await store.run(run.id, of: run.project, kind: run.run.kind) != nil {
            left.append(run.id)
        }
        #expect(left == ["newest", "recent", "other"])
        var operations: [String] = []
        for number in 1...3 { operations += [try await store.operation("operation-\(number)")].compactMap { $0?.id } }
        #expect(operations == ["operation-2", "operation-3"])
    }

    @Test("keeps of each project's webhooks the newest only, however young they are")
    func deliveries() async throws {
        let (store, most) = (try await rig.openStore(), StoredDelivery.keptPerProject)
        var batch = StoreBatch()
        batch.deliveries = [try samples.delivery(2, id: "0")]
        for number in 0..<most { batch.deliveries.append(try samples.delivery(1, id: "\(number)")) }
        try await store.save(batch)
        #expect(try await store.delivery("0", of: samples.project(1), from: .github) != nil)
        batch.deliveries = [try samples.delivery(1, id: "\(most)"), try samples.delivery(1, id: "\(most + 1)")]
        try await store.save(batch)
        var gone: [Int] = []
        for number in 0..<most + 2
        where try await store.delivery("\(number)", of: samples.project(1), from: .github) == nil {
            gone.append(number)
        }
        #expect(gone == [0, 1])
        #expect(try await store.delivery("0", of: samples.project(2), from: .github) != nil)
    }

    @Test("goes by the host's clock, whatever becomes of the wall clock", arguments: [-1, 1])
    func steppedClock(hours: Int) async throws {
        let store = try await rig.openStore()
        try await store.save(try events())
        rig.time.stepWallClock(by: .seconds(3_600 * hours * 3))
        let start = rig.time.now.advanced(by: .seconds(-24 * 3_600))
        try await store.prune(before: start, operationsBefore: start)
        #expect(try await sequences(store) == [3, 4])
    }

    @Test("goes by the wall clock for what is of an earlier start of the host")
    func earlierStart() async throws {
        let store = try await rig.openStore()
        try await store.save(try events())
        rig.time.rebootHost()
        try await store.save(StoreBatch(events: [try samples.event(5, at: ago(26)), try samples.event(6)]))
        try await store.prune(before: ago(24), operationsBefore: ago(28))
        #expect(try await sequences(store) == [3, 4, 6])
    }

    @Test("forgets limits once they have ended, however many, and no other")
    func endedLimits() async throws {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        for number in 0..<600 {
            let scope = LimitScope(origin: "https://\(number).example", credential: nil)
            let length = Duration.seconds(number.isMultiple(of: 200) ? 61 : 60)
            batch.limits.append(StoredLimit(scope: scope, until: samples.now.advanced(by: length)))
        }
        try await store.save(batch)
        rig.time.advance(by: .seconds(59))
        try await store.prune(before: ago(24), operationsBefore: ago(28))
        #expect(Set(try await store.load().limits) == Set(batch.limits))
        rig.time.advance(by: .seconds(1))
        try await store.prune(before: ago(24), operationsBefore: ago(28))
        #expect(
            Set(try await store.load().limits.map(\.scope.origin))
                == Set([0, 200, 400].map { "https://\($0).example" }))
    }

    @Test("lets saves go between its portions")
    func portions() async throws {
        let store = try await rig.openStore()
        var batch = StoreBatch()
        for sequence in 1...3_000 { batch.events.append(try samples.event(UInt64(sequence), at: ago(30))) }
        try await store.save(batch)
        let order = await withTaskGroup(of: String.self) { group in
            group.addTask { [start = ago(24)] in
                try? await store.prune(before: start, operationsBefore: start)
                return "prune"
            }
            group.addTask {
                try? await store.save(StoreBatch())
                return "save"
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(order == ["save", "prune"])
        #expect(try await sequences(store).isEmpty)
    }
}

extension StoreBatch {
    fileprivate init(events: [StoredEvent]) {
        self.init()
        self.events = events
    }
}

import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TelltaleServer
import TestSupport
import Testing

@Suite("The store's upkeep", .timeLimit(.minutes(1)))
struct StoreUpkeepTests {
    /// Notes what is done to it.
    private final class NotingStore: ManagedStore {
        private let memory = MemoryStore()
        private let noted = Lock<[String]>([])
        private let cuts = Lock<[[UnixTime]]>([])
        private let pruning: StoreError?
        private let finding: StoreError?

        init(pruning: StoreError? = nil, finding: StoreError? = nil) {
            self.pruning = pruning
            self.finding = finding
        }

        var steps: [String] { noted.withLock { $0 } }
        var prunedBefore: [[UnixTime]] { cuts.withLock { $0 } }

        var state: StoreState { memory.state }
        func load() async throws(StoreError) -> StoreContent { try await memory.load() }
        func save(_ batch: StoreBatch) async throws(StoreError) { try await memory.save(batch) }
        func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? { nil }
        func delivery(
            _ id: String, of project: ProjectID, from provider: ProviderKey
        ) async throws(StoreError) -> StoredDelivery? { nil }

        func operation(_ id: String) async throws(StoreError) -> OperationRecord? { nil }
        func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? { nil }
        func operations(
            of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
        ) async throws(StoreError) -> [OperationRecord] { [] }
        func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] { [] }

        func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {
            noted.withLock { $0.append("prune") }
            cuts.withLock { $0.append([moment.wall, operationsMoment.wall]) }
            if let pruning { throw pruning }
        }

        func open() async throws(StoreError) { noted.withLock { $0.append("open") } }
        func check() async -> StoreError? {
            noted.withLock { $0.append("check") }
            return finding
        }
        func close() async { noted.withLock { $0.append("close") } }
    }

    @Test(
        "looks for damage, then forgets what is past its time, and again each hour, whatever the store says",
        arguments: [nil, StoreError(code: .full, message: "No space is left.")], [1, 24, 48])
    func hourly(trouble: StoreError?, keptHours: Int) async {
        let (store, time) = (NotingStore(pruning: trouble), ManualTime())
        let started = time.now.wall
        let upkeep = StoreUpkeep(store, keep: .seconds(3_600 * keptHours), time: time) {
            Issue.record("nothing was damaged")
        }
        await withTaskGroup { group in
            group.addTask { await upkeep.run() }
            for _ in 0..<2 {
                await time.waitForSleepers(1)
                time.advance(by: StoreUpkeep.interval)
            }
            await eventually { store.steps.count == 4 }
            group.cancelAll()
        }
        #expect(store.steps == ["check", "prune", "prune", "prune"])
        // A key stands for its operation for a day, however short all else is kept.
        let cuts = [0, 1, 2].map { round in
            [keptHours, max(keptHours, 24)].map { started.advanced(by: .seconds((round - $0) * 3_600)) }
        }
        #expect(store.prunedBefore == cuts)
    }

    @Test("has what is known kept once more where the store was damaged, whoever found that", arguments: [true, false])
    func damage(isFoundByLooking: Bool) async {
        let error = StoreError(code: .corrupt, message: "It was damaged.")
        let store = NotingStore(
            pruning: isFoundByLooking ? nil : error, finding: isFoundByLooking ? error : nil)
        let time = ManualTime()
        let told = Lock(0)
        await withTaskGroup { group in
            let upkeep = StoreUpkeep(store, keep: .seconds(86_400), time: time) { told.withLock { $0 += 1 } }
            group.addTask { await upkeep.run() }
            await time.waitForSleepers(1)
            group.cancelAll()
        }
        #expect(told.withLock { $0 } == 1)
    }
}

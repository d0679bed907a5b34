import StatusCore
import StatusModel

/// A store that keeps nothing and has nothing.
struct FullStore: Store {
    /// Where it would keep.
    var path = "/var/lib/telltale/telltale.db"
    /// Whether it can be asked, at least.
    var isReadable = true

    private var full: StoreError {
        StoreError(code: .full, message: "No space is left for the store \(path); free some")
    }

    var state: StoreState { StoreState(path: path, bytes: 4096, error: full) }

    func load() async throws(StoreError) -> StoreContent { StoreContent() }

    func save(_ batch: StoreBatch) async throws(StoreError) { throw full }

    func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? { nil }

    func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? { nil }

    func operation(_ id: String) async throws(StoreError) -> OperationRecord? {
        guard isReadable else { throw full }
        return nil
    }

    func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? { nil }
    func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] {
        guard isReadable else { throw full }
        return []
    }

    func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] { [] }

    func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {}

    func acceptKeyLoss() async throws(StoreError) -> Bool { throw full }
}

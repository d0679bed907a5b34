import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport

/// A store that refuses to keep while it is told to, and whose answers about runs and to saves the test may hold back.
final class HeldStore: Store {
    private struct State {
        var refusal: StoreError?
        var loadRefusal: StoreError?
        var keyLoss: KeyLoss?
        var missed: StoreError?
        var looksAtRows = 0
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
        var isHoldingSaves = false
        var heldSaves: [CheckedContinuation<Void, Never>] = []
    }

    static let full = StoreError(code: .full, message: "No space is left; free some.")

    let kept: MemoryStore
    private let control = Lock(State())

    init(_ kept: MemoryStore = MemoryStore()) { self.kept = kept }

    /// What the reading at the start is refused with from now on, while all else is answered; nil for nothing.
    func refuseLoads(_ error: StoreError? = HeldStore.full) { control.withLock { $0.loadRefusal = error } }

    /// What saves are refused with from now on; nil for nothing.
    func refuse(_ error: StoreError? = HeldStore.full) { control.withLock { $0.refusal = error } }

    /// From now on keys may have been forgotten; nil for none.
    func lose(_ loss: KeyLoss?) { control.withLock { $0.keyLoss = loss } }

    /// From now on there is something that the index of keys has missed.
    func missKeys(_ error: StoreError) { control.withLock { $0.missed = error } }

    /// How often the rows were looked through for a key.
    var looksAtRows: Int { control.withLock(\.looksAtRows) }

    /// From now on answers about runs, webhooks and the keys of operations wait: they are of now, and come at ``release()``.
    func hold() { control.withLock { $0.isHolding = true } }

    var heldCount: Int { control.withLock { $0.held.count } }

    /// Lets later answers pass, while those that wait go on waiting.
    func holdNoMore() { control.withLock { $0.isHolding = false } }

    func release() {
        let held = control.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// From now on saves wait, and are kept or refused at ``releaseSaves()``.
    func holdSaves() { control.withLock { $0.isHoldingSaves = true } }

    var heldSaveCount: Int { control.withLock { $0.heldSaves.count } }

    /// Lets the save pass that has waited longest; those after it wait on.
    func releaseOneSave() {
        let first = control.withLock { $0.heldSaves.isEmpty ? nil : $0.heldSaves.removeFirst() }
        first?.resume()
    }

    func releaseSaves() {
        let held = control.withLock { state in
            state.isHoldingSaves = false
            defer { state.heldSaves = [] }
            return state.heldSaves
        }
        for continuation in held { continuation.resume() }
    }

    var state: StoreState {
        var state = kept.state
        state.keyLoss = control.withLock(\.keyLoss)
        return state
    }

    func load() async throws(StoreError) -> StoreContent {
        if let refusal = control.withLock({ $0.loadRefusal }) { throw refusal }
        return try await kept.load()
    }

    func save(_ batch: StoreBatch) async throws(StoreError) {
        await withCheckedContinuation { continuation in
            let isHeld = control.withLock { state in
                if state.isHoldingSaves { state.heldSaves.append(continuation) }
                return state.isHoldingSaves
            }
            if !isHeld { continuation.resume() }
        }
        try check()
        try await kept.save(batch)
    }

    func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? {
        let answer = try await kept.run(id, of: project, kind: kind)
        await pass()
        return answer
    }

    func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? {
        let answer = try await kept.delivery(id, of: project, from: provider)
        await pass()
        return answer
    }

    func operation(_ id: String) async throws(StoreError) -> OperationRecord? { try await kept.operation(id) }

    func makeSureUnknown(_ name: OperationName) async throws(StoreError) {
        let missed = control.withLock { state in
            state.looksAtRows += 1
            return state.missed
        }
        if let missed { throw missed }
    }

    func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? {
        let answer = try await kept.operation(name)
        await pass()
        return answer
    }

    func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] {
        try await kept.operations(of: project, key: key, after: place, limit: limit)
    }

    func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] {
        try check()
        return try await kept.events(after: id, limit: limit)
    }

    func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {}

    /// Waits while answers are held.
    private func pass() async {
        await withCheckedContinuation { continuation in
            let isHeld = control.withLock { state in
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
    }

    private func check() throws(StoreError) {
        if let refusal = control.withLock({ $0.refusal }) { throw refusal }
    }
}

import Locks
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TestSupport

/// A store that has every event up to a place, also those that the journal has not told yet, and counts who asks for them at once.
final class ArchiveStore: Store {
    private struct State {
        var forgotten: UInt64 = 0
        var isBroken = false
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
        var reads = 0
        var mostReads = 0
    }

    private static let newest: UInt64 = 1_000
    private let kept = MemoryStore()
    private let control = Lock(State())

    var readsNow: Int { control.withLock(\.reads) }

    var mostReadsAtOnce: Int { control.withLock(\.mostReads) }

    func forget(upTo sequence: UInt64) { control.withLock { $0.forgotten = sequence } }

    /// From now on nobody gets events.
    func breakDown() { control.withLock { $0.isBroken = true } }

    /// From now on whoever asks for events waits until ``release()``.
    func hold() { control.withLock { $0.isHolding = true } }

    func release() {
        let held = control.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] {
        await withCheckedContinuation { continuation in
            let isHeld = control.withLock { state in
                state.reads += 1
                state.mostReads = max(state.mostReads, state.reads)
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        defer { control.withLock { $0.reads -= 1 } }
        if control.withLock(\.isBroken) { throw StoreError(code: .unavailable, message: "The disk is gone.") }
        guard let shop = ProjectID("shop") else { return [] }
        let first = max(id.sequence, control.withLock(\.forgotten)) + 1
        let arena = MessageArena()
        return (first..<first + UInt64(limit)).prefix { $0 <= Self.newest }.map { sequence in
            let event = StatusEvent(
                id: EventID(epoch: id.epoch, sequence: sequence), at: UnixTime(seconds: 0), projectID: shop,
                kind: "run:finished")
            let bytes = WatchMessage.event(event).encoded(in: arena)
            return StoredEvent(
                id: event.id, at: ManualTime().now, project: shop, kind: event.kind,
                encoded: Role.allCases.map { _ in bytes })
        }
    }

    var state: StoreState { kept.state }

    func load() async throws(StoreError) -> StoreContent { try await kept.load() }

    func save(_ batch: StoreBatch) async throws(StoreError) { try await kept.save(batch) }

    func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? {
        try await kept.run(id, of: project, kind: kind)
    }

    func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? { nil }

    func operation(_ id: String) async throws(StoreError) -> OperationRecord? { nil }
    func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? { nil }
    func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] { [] }

    func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {}
}

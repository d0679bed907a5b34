import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TestSupport
import Testing

/// What the tests of actions share: wishes, and what became of them.
enum ActionRig {
    static let ada = ActionActor(identity: "uid:1001/ada", displayName: "ada", role: .owner)

    static func key(_ number: Int = 1) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static func request(
        _ action: String = "push", key number: Int = 1, of project: String = "shop", payload: String = "",
        item: ItemKey = EngineRig.github
    ) -> ActionRequest {
        ActionRequest(
            projectID: ProjectID(known: project), key: item, action: action, payload: Array(payload.utf8),
            idempotencyKey: key(number))
    }

    static func done(_ words: String = "Pushed") -> ManualExecutor.Answer {
        .success(.done(ActionResult(OperationWords(words))))
    }

    /// Runs it, and waits for nothing.
    static func run(
        _ request: ActionRequest = request(), for actor: ActionActor = ada, on rig: EngineRig
    ) async throws -> (record: OperationRecord, isReplayed: Bool) {
        switch try await rig.engine.run(request, for: actor) {
        case .operation(let record, let isReplayed): (record, isReplayed)
        case .plan: throw ActionRefusal.keyMissing
        }
    }

    static func refusal(
        _ request: ActionRequest, for actor: ActionActor = ada, on rig: EngineRig
    ) async -> ActionRefusal? {
        do throws(ActionRefusal) {
            _ = try await rig.engine.run(request, for: actor)
            return nil
        } catch {
            return error
        }
    }

    /// The operation, once it is over.
    static func end(of id: String, on rig: EngineRig) async throws -> Operation {
        await inTime(on: rig) {
            (try? await rig.engine.operation(OperationQuery(id: id), for: .owner))??.state.isOver ?? false
        }
        return try #require(try await rig.engine.operation(OperationQuery(id: id), for: .owner))
    }

    /// Returns once the condition holds. What is late, because others took the processor and an instant was named behind the
    /// steps that were to reach it, has seconds more, one by one.
    static func inTime(on rig: EngineRig, _ condition: () async -> Bool) async {
        var turns = 0
        while await !condition() {
            turns += 1
            if turns.isMultiple(of: 5_000) { await rig.advance(by: .seconds(1)) }
            await Task.yield()
        }
    }

    /// Lets time pass, second by second, until the body returns. Whoever waits for an instant may have named it late, so no number
    /// of seconds that pass beforehand is enough for sure.
    static func asTimePasses<Value: Sendable>(
        on rig: EngineRig, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    await rig.advance(by: .seconds(1))
                    // A second is long: what it makes due happens within it, also where others take the processor.
                    for _ in 0..<2_000 { await Task.yield() }
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// What a daemon finds that starts after this one was killed at this moment.
    static func killed(_ store: some Store) async throws -> MemoryStore {
        let content = try await store.load()
        var batch = StoreBatch()
        (batch.operations, batch.linkChanges) = (content.operations, content.linkChanges)
        (batch.links, batch.items, batch.projects) = (content.links, content.items, content.projects)
        let copy = MemoryStore()
        try await copy.save(batch)
        return copy
    }

    /// The events of actions that a role sees.
    static func events(
        _ rig: EngineRig, role: Role = .owner, kinds prefix: String = "action:"
    ) throws -> [StatusEvent] {
        guard case .events(let entries) = rig.journal.events(after: EventID(epoch: 7, sequence: 0), limit: 5_000)
        else { return [] }
        return try entries.compactMap { $0.event.bytes(for: role) }.compactMap { bytes in
            guard case .event(let event) = try WatchMessage(decoding: bytes, in: MessageArena()) else { return nil }
            return event.kind.hasPrefix(prefix) ? event : nil
        }
    }
}

import Glibc
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusStore
import StatusWire
import TTRPCCore
import TelltaleServer
import TestSupport
import Testing

@Suite("Keys that count as lost, and who ends that", .timeLimit(.minutes(1)))
struct LostKeysMethodTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A store whose file was removed, with the mark left beside it.
    private func losingStore(_ time: ManualTime) async throws -> SQLiteStore {
        let path = directory.path + "/store.db"
        let earlier = try SQLiteStore(path: path, time: time)
        try await earlier.open()
        var batch = StoreBatch()
        batch.journal = StoredJournal(newest: EventID(epoch: 7, sequence: 1))
        try await earlier.save(batch)
        await earlier.close()
        unlink(path)
        let store = try SQLiteStore(path: path, time: time)
        try await store.open()
        return store
    }

    @Test("unknown keys are refused until an admin accepts the loss; each wish is told in the audit")
    func accepted() async throws {
        let time = ManualTime()
        let store = try await losingStore(time)
        let executors = ActionExecutors(all: ManualExecutor { _ in .success(.done(ActionResult(OperationWords("")))) })
        try await ServerRig(store: store, time: time, executors: executors).run { rig in
            let client = try await rig.client()
            _ = try await client.status("shop", ReadersContract(maxWait: .seconds(5)), .preferFresh)
            let push = ActionRequest(
                projectID: .shop, key: .provider(.github), action: "push",
                idempotencyKey: "123e4567-e89b-12d3-a456-426614174000"
            ).encoded(in: MessageArena())
            for role in [Role.editor, .admin] {
                let refusal = await failureOf { try await client.ask("RunAction", push, role, OperationReceipt.self) }
                #expect(refusal?.hasDetail("google.rpc.ErrorInfo", holding: "KEYS_LOST") == true)
                #expect(refusal?.message.contains("telltale cache --accept-lost-keys") == (role == .admin))
            }
            let denial = await failureOf { try await client.accept(.editor) }
            #expect(denial?.code == .permissionDenied)
            let receipt = try await client.accept(.admin)
            #expect(receipt.isAccepted)
            let again = try await client.accept(.owner)
            #expect(!again.isAccepted)
            try await client.ask("RunAction", push, .admin, OperationReceipt.self)
            let lines = rig.logSink.records.filter { $0.message == "lost keys decided" }
            let decisions = ["denied", "allowed", "accepted", "allowed"].map { LogField.text("decision", $0) }
            #expect(lines.map(\.fields.first) == decisions)
            #expect(lines.allSatisfy { $0.fields.contains { "\($0)".contains("uid") } })
        }
        await store.close()
    }

    @Test("nothing is accepted without a line that can be kept")
    func unread() async throws {
        let (time, pipe) = (ManualTime(), try LogPipe())
        let store = try await losingStore(time)
        pipe.fill()
        let sink = StreamLogSink(
            LogConfiguration(), descriptor: pipe.writeEnd, hasJournalPriority: false, queueBytesMax: 64
        ) { UnixTime(seconds: 0) }
        try await ServerRig(store: store, time: time, auditSink: sink).run { rig in
            let client = try await rig.client()
            let refusal = await failureOf { _ = try await client.accept(.admin) }
            #expect(refusal?.hasDetail("google.rpc.ErrorInfo", holding: "AUDIT_UNAVAILABLE") == true)
            #expect(refusal?.message.contains("queue is full") == true)
            #expect(store.state.keyLoss != nil)
        }
        await store.close()
    }

    @Test("what cannot be kept is not accepted")
    func unkept() async throws {
        try await ServerRig(store: FullStore()).run { rig in
            let client = try await rig.client()
            let refusal = await failureOf { _ = try await client.accept(.admin) }
            #expect(refusal?.code == .unavailable && refusal?.message.contains("count as lost as before") == true)
            let lines = rig.logSink.records.filter { $0.message == "lost keys decided" }
            #expect(lines.map(\.fields.first) == [.text("decision", "allowed"), .text("decision", "refused")])
        }
    }
}

extension TestClient {
    @discardableResult
    fileprivate func ask<Answer: WirePayload>(
        _ method: String, _ payload: [UInt8], _ role: Role, _: Answer.Type
    ) async throws -> Answer {
        try await call(ServerRig.status, method, payload, role: role.rawValue, as: Answer.self)
    }

    @discardableResult
    fileprivate func accept(_ role: Role) async throws -> LostKeysReceipt {
        try await call(ServerRig.admin, "AcceptLostKeys", role: role.rawValue, as: LostKeysReceipt.self)
    }
}

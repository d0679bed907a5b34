import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("Where the store is, and what keeps an action from being begun", .timeLimit(.minutes(1)))
struct StorePlaceTests {
    private static let runs = "telltale.v1.IngestService"

    @Test("no answer tells it to anybody but owner and admin", arguments: Role.allCases)
    func place(role: Role) async throws {
        let store = FullStore(isReadable: false)
        let executors = ActionExecutors(all: ManualExecutor { _ in .success(.done(ActionResult(OperationWords("")))) })
        try await ServerRig(store: store, executors: executors).run { rig in
            let client = try await rig.client()
            await eventually { !rig.engine.isPersisting }
            let stats = try await client.call(
                ServerRig.admin, "GetCacheStats", role: role.rawValue, as: CacheStats.self
            ).store
            #expect(stats.path.isEmpty == (role < .admin) && stats.bytes > 0)
            #expect(!stats.trouble.isEmpty && !stats.isPersisting)
            var told = [stats.trouble]
            let report = RunReport(projectID: .shop, kind: .diagnostics, runID: "ci-1").encoded(in: MessageArena())
            let query = OperationQuery(id: "op-1").encoded(in: MessageArena())
            let list = OperationListQuery(projectID: .shop).encoded(in: MessageArena())
            for (service, method, payload) in [
                (Self.runs, "ReportRun", report), (ServerRig.status, "RunAction", Self.push(1)),
                (ServerRig.status, "GetOperation", query), (ServerRig.status, "ListOperations", list),
            ] {
                let refusal = await refusal(client, service, method, payload, role)
                if role > .viewer { #expect(refusal?.code == .unavailable, "\(method)") }
                if refusal?.code == .unavailable { told.append(refusal?.message ?? "") }
            }
            #expect(told.count == (role == .viewer ? 3 : 5))
            for text in told { #expect(text.contains(store.path) == (role >= .admin), "\(text)") }
        }
    }

    @Test("where as many operations are under way as may, the refusal says so, what to do, and when to come back")
    func tooMany() async throws {
        let executor = ManualExecutor()
        let rig = try ServerRig(
            executors: ActionExecutors(all: executor), configure: { $0.operationsOpenMax = 1 })
        try await rig.run { rig in
            let client = try await rig.client()
            _ = try await client.call(ServerRig.status, "RunAction", Self.push(1), as: OperationReceipt.self)
            let refusal = try #require(await refusal(client, ServerRig.status, "RunAction", Self.push(2), .owner))
            #expect(refusal.code == .resourceExhausted)
            #expect(refusal.message == "1 operations are under way, which is the most; wait for some of them to end.")
            #expect(refusal.hasDetail("google.rpc.ErrorInfo", holding: "TOO_MANY_OPERATIONS"))
            #expect(refusal.details.contains { $0.typeURL.hasSuffix("/google.rpc.RetryInfo") })
            await executor.next()?.answer(.success(.done(ActionResult(OperationWords("Pushed")))))
        }
    }

    private func refusal(
        _ client: TestClient, _ service: String, _ method: String, _ payload: [UInt8], _ role: Role
    ) async -> RPCStatus? {
        await failureOf {
            _ = try await client.connection.call(
                service: service, method: method, payload: payload, metadata: [("telltale-role", role.rawValue)])
        }
    }

    private static func push(_ number: Int) -> [UInt8] {
        ActionRequest(
            projectID: .shop, key: .provider(.github), action: "push",
            idempotencyKey: "00000000-0000-4000-8000-00000000000\(number)"
        ).encoded(in: MessageArena())
    }
}

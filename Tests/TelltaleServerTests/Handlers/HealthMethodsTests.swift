import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport
import TelltaleServer
import TestSupport
import Testing

@Suite("Health", .timeLimit(.minutes(1)))
struct HealthMethodsTests {
    private func check(_ client: TestClient, _ part: String) async throws -> ServingStatus {
        let request = HealthCheckRequest(service: part).encoded(in: MessageArena())
        return try await client.call(ServerRig.health, "Check", request, as: ServingStatus.self)
    }

    @Test("the whole, the store and each provider serve; any other part is NOT_FOUND")
    func check() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client(.viewer)
            for part in ["", "persistence", "github", "supabase"] {
                #expect(try await check(client, part) == .serving)
            }
            #expect(await failureOf { _ = try await check(client, "kitchen") }?.code == .notFound)
            let list = try await client.call(ServerRig.health, "List", as: HealthList.self)
            #expect(Set(list.statuses.keys) == ["", "persistence", "github", "vercel", "sanity", "supabase"])
            #expect(list.statuses.values.allSatisfy { $0 == .serving })
        }
    }

    @Test("a provider that is down and a store that refuses are told apart from the whole")
    func parts() async throws {
        let rig = try ServerRig({ _ in .failure(outage) }, store: RefusingStore())
        try await rig.run { rig in
            let client = try await rig.client()
            for _ in 0..<3 {
                _ = try await client.status("shop", ReadersContract(), .force)
                rig.time.advance(by: .seconds(20))
            }
            await rig.settle()
            #expect(try await check(client, "") == .serving)
            #expect(try await check(client, "github") == .notServing)
            #expect(try await check(client, "vercel") == .serving)
            #expect(try await check(client, "persistence") == .notServing)
        }
    }

    @Test("a watch tells the status at once, an unknown part as such, and NOT_SERVING when the daemon drains")
    func watch() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            func watch(_ part: String) async throws -> AsyncThrowingStream<ServingStatus, any Error> {
                let stream = try await client.connection.openStream(
                    service: ServerRig.health, method: "Watch",
                    payload: HealthCheckRequest(service: part).encoded(in: MessageArena()), remoteOpen: false)
                return AsyncThrowingStream {
                    try await stream.next().map { try ServingStatus(decoding: $0, in: MessageArena()) }
                }
            }
            var unknown = try await watch("kitchen").makeAsyncIterator()
            #expect(try await unknown.next() == .serviceUnknown)
            var whole = try await watch("").makeAsyncIterator()
            #expect(try await whole.next() == .serving)
            rig.health.drain()
            async let drained: Void = rig.server.drain(within: .seconds(5))
            #expect(try await whole.next() == .notServing)
            #expect(try await whole.next() == nil)
            await drained
        }
    }
}

private struct RefusingStore: Store {
    private static let full = StoreError(code: .full, message: "Full.")

    var state: StoreState { StoreState(error: Self.full) }

    func load() async throws(StoreError) -> StoreContent { StoreContent() }
    func save(_ batch: StoreBatch) async throws(StoreError) { throw Self.full }
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
        throw Self.full
    }
}

import ClientTestSupport
import Locks
import StatusModel
import StatusWire
import Synchronization
import TelltaleClient
import TestSupport
import Testing

@Suite("Operations by a client", .timeLimit(.minutes(1)))
struct OperationCallTests {
    private func operation(_ state: OperationState = .pending, version: UInt64 = 1) throws -> Operation {
        let at = UnixTime(seconds: 1_767_225_600)
        return Operation(
            id: "op-1", projectID: try Sample.project(), key: .provider(.vercel), action: "deploy-production",
            state: state, createdAt: at, updatedAt: at, endedAt: state.isOver ? at : nil, version: version)
    }

    private static func states(_ client: TelltaleClient) async throws -> [OperationState] {
        var states: [OperationState] = []
        for try await operation in client.follow("op-1") { states.append(operation.state) }
        return states
    }

    @Test("an action is asked for as it was meant, and its receipt comes back")
    func run() async throws {
        let request = ActionRequest(
            projectID: try Sample.project(), key: .provider(.vercel), action: "deploy-production",
            payload: Array("{\"ref\":\"main\"}".utf8), idempotencyKey: "key", isDryRun: true)
        let receipt = OperationReceipt(operation: try operation(.running), isReplayed: true)
        var behaviour = FakeDaemon.Behaviour()
        behaviour.action = { $0 == request ? .success(receipt) : .failure(ErrorStatus(code: 13, message: "\($0)")) }
        try await withDaemon(behaviour) { daemon in
            let answer = try await daemon.client().run(request)
            #expect(answer == receipt)
            #expect(answer.isInFlight)
        }
    }

    @Test("a refusal says what its reason rests on")
    func refused() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.action = { _ in
            .failure(
                ErrorStatus(
                    code: 9, message: "The key stands for another request.", reason: "KEY_REUSED",
                    metadata: ["operation_id": "op-1"]))
        }
        try await withDaemon(behaviour) { daemon in
            let request = ActionRequest(
                projectID: try Sample.project(), key: .provider(.vercel), action: "link", idempotencyKey: "key")
            let error = await #expect(throws: TelltaleError.self) { try await daemon.client().run(request) }
            #expect(error?.reason == "KEY_REUSED")
            #expect(error?.metadata == ["operation_id": "op-1"])
        }
    }

    @Test("an operation is followed by what is known of it, until it is over")
    func follow() async throws {
        let moves = try [
            0: operation(), 1: operation(.running, version: 2), 2: operation(.succeeded, version: 3),
        ]
        let queries = Lock<[OperationQuery]>([])
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operation = { query in
            queries.withLock { $0.append(query) }
            return moves[Int(query.knownVersion)].map { .success($0) } ?? .failure(ErrorStatus(code: 5, message: ""))
        }
        try await withDaemon(behaviour) { daemon in
            let followed = try await Self.states(daemon.client())
            #expect(followed == [.pending, .running, .succeeded])
        }
        let wait = OperationQuery.waitMax
        #expect(
            queries.withLock { $0 } == [
                OperationQuery(id: "op-1"), OperationQuery(id: "op-1", wait: wait, knownVersion: 1),
                OperationQuery(id: "op-1", wait: wait, knownVersion: 2),
            ])
    }

    @Test("a daemon that is away is waited for, and the operation goes on where it was")
    func reconnecting() async throws {
        let time = ManualTime()
        let answers = Lock<[Result<Operation, ErrorStatus>]>([
            .success(try operation(.running)), .failure(ErrorStatus(code: 14, message: "The daemon restarts.")),
            .failure(ErrorStatus(code: 8, message: "Too many.", retryAfter: .seconds(7))),
            .success(try operation(.failed, version: 2)),
        ])
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operation = { _ in answers.withLock { $0.removeFirst() } }
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client(clock: time.clientClock)
            async let followed = Self.states(client)
            await time.waitForSleepers(1)
            time.advance(by: .seconds(1))
            await time.waitForSleepers(1)
            #expect(daemon.calls.all.count == 3)
            // No sooner than the daemon asked for.
            time.advance(by: .seconds(6.9))
            #expect(time.sleeperCount == 1)
            time.advance(by: .seconds(2.1))
            let states = try await followed
            #expect(states == [.running, .failed])
        }
    }

    @Test("a daemon that answers a long poll at once is not asked without end")
    func hasty() async throws {
        let time = ManualTime()
        let running = try operation(.running)
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operation = { _ in .success(running) }
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client(clock: time.clientClock)
            let states = await withTaskGroup(of: [OperationState]?.self) { group in
                group.addTask { try? await Self.states(client) }
                for polls in 2...4 {
                    await time.waitForSleepers(1)
                    #expect(daemon.calls.all.count == polls)
                    time.advance(by: .seconds(1))
                }
                await time.waitForSleepers(1)
                group.cancelAll()
                return await group.next() ?? nil
            }
            // Whoever is cancelled has come to the end, and the operation has not.
            #expect(states == [.running])
        }
    }

    @Test("what no later attempt betters ends it with the daemon's words")
    func unknown() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operation = { _ in
            .failure(ErrorStatus(code: 5, message: "There is no such operation.", reason: "OPERATION_UNKNOWN"))
        }
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client()
            let error = await #expect(throws: TelltaleError.self) { try await Self.states(client) }
            #expect(error?.reason == "OPERATION_UNKNOWN")
            #expect(daemon.calls.all.count == 1)
        }
    }

    @Test("a list is asked for a page at a time")
    func list() async throws {
        let page = OperationPage(operations: [try operation(.succeeded)], nextPageToken: "next")
        let query = OperationListQuery(
            projectID: try Sample.project(), key: .provider(.vercel), pageSize: 1, pageToken: "token")
        var behaviour = FakeDaemon.Behaviour()
        behaviour.operations = { $0 == query ? .success(page) : .failure(ErrorStatus(code: 13, message: "\($0)")) }
        try await withDaemon(behaviour) { daemon in
            let answer = try await daemon.client().operations(query)
            #expect(answer == page)
        }
    }
}

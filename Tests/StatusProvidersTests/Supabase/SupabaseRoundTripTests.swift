import HTTPClient
import Locks
import ProviderSimulator
import StatusCore
import StatusModel
import StatusProviders
import Synchronization
import Testing

@Suite("Supabase: over the wire", .timeLimit(.minutes(1)))
struct SupabaseRoundTripTests {
    @Test("a first read takes one round trip: no request waits for another's answer")
    func oneRoundTrip() async throws {
        let scene = SupabaseScene()
        let meeting = MeetingTransport(parties: 3, then: scene.transport)
        let reading = try await scene.read(over: meeting)
        #expect(reading.status == StatusTimeline(.connected))
        #expect(!reading.isPartial)
    }

    @Test("what the simulator plays is read as what it is")
    func simulator() async throws {
        let simulator = Simulator()
        try simulator.loadExample()
        let server = try SimulatorServer(simulator: simulator)
        let client = CurlHTTPClient(HTTPClientConfiguration())
        var scene = SupabaseScene().probing(.table(name: "ping", column: "id"))
        scene.target.managementURL = "\(server.url)/supabase"
        scene.target.projectURL = "\(server.url)/supabase/project/\(SupabaseScene.reference)"
        scene.token = Secret("sim-supabase-token")
        scene.key = .success(Secret("sb_secret_sim"))
        // Only what is decided is looked at: how long this machine takes is another matter.
        scene.target.latencyLimit = .seconds(60)

        let fine = try await scene.read(over: client)
        #expect(fine.status == StatusTimeline(.connected))
        #expect(fine.label?.full == "acme-shop")
        #expect(fine.latencies.count == 1)
        #expect(simulator.requests.total == 3)
        try simulator.supabase.setProject(SupabaseScene.reference, .init(status: "INACTIVE"))
        #expect(try await scene.read(over: client, previous: fine).problem?.code == .sleeping)
        try simulator.supabase.setProject(
            SupabaseScene.reference, .init(status: "ACTIVE_HEALTHY", databaseError: "PGRST002"))
        #expect(try await scene.read(over: client, previous: fine).status == StatusTimeline(.error))
        try simulator.supabase.setProject(SupabaseScene.reference, .init(databaseError: ""))
        try simulator.supabase.setToken("sim-supabase-token", .init(revoked: true))
        #expect(try await scene.read(over: client, previous: fine).problem?.code == .oauthRevoked)
        server.stop()
        await client.shutdown()
    }
}

/// Lets nobody go on until so many have come.
private final class MeetingTransport: HTTPTransport {
    private let parties: Int
    private let next: any HTTPTransport
    private let waiting = Lock<[CheckedContinuation<Void, Never>]>([])

    init(parties: Int, then next: any HTTPTransport) {
        self.parties = parties
        self.next = next
    }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let met = waiting.withLock { waiting in
                waiting.append(continuation)
                return waiting.count == parties ? waiting : []
            }
            for waiter in met { waiter.resume() }
        }
        return try await next.send(request)
    }
}

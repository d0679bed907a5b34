import Locks
import ProviderSimulator
import StatusModel
import Synchronization

/// A served simulator with a hand-driven clock, the example's repository and token, and a client.
struct Rig: Sendable {
    /// 2026-01-31T12:00:00Z.
    static let start = UnixTime(seconds: 1_769_860_800)

    private final class Clock: Sendable {
        let now = Lock(Rig.start)
    }

    let simulator: Simulator
    let server: SimulatorServer
    let client: RawClient
    private let clock: Clock

    init() throws {
        let clock = Clock()
        self.clock = clock
        simulator = Simulator(clock: { clock.now.withLock { $0 } })
        try simulator.loadExample()
        server = try SimulatorServer(simulator: simulator)
        client = RawClient(port: server.port)
    }

    /// Moves the simulator's clock.
    func advance(by duration: Duration) { clock.now.withLock { $0 = $0.advanced(by: duration) } }

    /// Asks for the example's repository as its editor.
    func shop(headers: [String: String] = [:]) -> RawClient.Reply {
        client.send("/repos/acme/shop", token: "sim-token", headers: headers)
    }
}

extension RawClient {
    /// A GET, which most of them are.
    func send(_ target: String, token: String? = nil, headers: [String: String] = [:]) -> Reply {
        send("GET", target, token: token, headers: headers)
    }
}

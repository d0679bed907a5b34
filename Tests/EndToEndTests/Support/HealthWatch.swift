import LinuxSystem
import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCTransport
import TelltaleClient
import Testing

/// Follows the health of one part of a daemon, as a balancer or a supervisor does.
final class HealthWatch: Sendable {
    private let loop: EventLoop
    private let stream: ClientStream
    private let connection: ClientConnection

    init(of part: String, at daemon: RunningDaemon) async throws {
        loop = try EventLoop()
        try loop.start(name: "test-health")
        connection = try await ClientConnection.connect(to: daemon.socketPath, loop: loop)
        stream = try await connection.openStream(
            service: "grpc.health.v1.Health", method: "Watch",
            payload: HealthCheckRequest(service: part).encoded(in: MessageArena()), remoteOpen: false)
    }

    deinit { loop.stop() }

    /// Returns once the part stands so; the test's time limit ends a vain wait.
    func wait(until wanted: ServingStatus) async throws {
        let arena = MessageArena()
        while let message = try await stream.next() {
            if try ServingStatus(decoding: message, in: arena) == wanted { return }
        }
        Issue.record("the health watch ended")
    }
}

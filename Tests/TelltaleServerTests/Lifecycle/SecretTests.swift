import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TTRPCTransport
import TelltaleServer
import TestSupport
import Testing

@Suite("Secrets", .timeLimit(.minutes(1)))
struct SecretTests {
    private static let canary = "ghp_canary0123456789"

    @Test("a secret reaches the provider, and neither an answer nor an error nor a log line")
    func canary() async throws {
        let sink = RecordingLogSink()
        let credentials = CredentialReader(
            environment: ["GOOD": Self.canary, "BAD": "\(Self.canary)\u{7}"],
            logger: Logger(sink: sink) { UnixTime(seconds: 0) })
        let rig = try ServerRig(credentials: credentials)
        let projects = [
            project("good", credential: .environment(name: "GOOD")),
            project("bad", credential: .environment(name: "BAD")),
        ]
        try await rig.run(projects) { rig in
            let client = try await rig.client()
            var seen: [[UInt8]] = []
            let watch = try await client.watch()
            for id in ["good", "bad"] {
                let request = GetStatusRequest(projectID: try #require(ProjectID(id)), mode: .force)
                seen.append(
                    try await client.connection.call(
                        service: ServerRig.status, method: "GetStatus", payload: request.encoded(in: MessageArena())))
            }
            for _ in 0..<4 { if let message = try await watch.stream.next() { seen.append(message) } }
            for method in ["ListProjects", "GetCacheStats", "GetServerInfo"] {
                seen.append(
                    try await client.connection.call(service: ServerRig.admin, method: method, payload: []))
            }
            #expect(rig.provider.requests.map { $0.secret?.reveal() } == [Self.canary])
            let dumped = rig.provider.requests.map { "\($0) \(String(reflecting: $0))" }
            let texts = seen.map { String(decoding: $0, as: UTF8.self) } + dumped + sink.records.map { "\($0)" }
            #expect(texts.allSatisfy { !$0.contains(Self.canary) })
            #expect(texts.contains { $0.contains("env:BAD") })
        }
    }
}

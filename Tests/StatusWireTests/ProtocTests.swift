import Glibc
import ProtobufMessages
import StatusModel
import StatusWire
import TestSupport
import Testing

/// Checks the bytes against a second implementation of protobuf: `protoc`, which reads the same `proto/`.
@Suite("The bytes, as protoc reads them", .timeLimit(.minutes(1)))
struct ProtocTests {
    private static let isInstalled = system("command -v protoc >/dev/null 2>&1") == 0
    private let arena = MessageArena()

    @Test(
        "are the same once protoc has decoded and encoded them",
        .enabled(if: isInstalled, "protoc is not installed: apt install protobuf-compiler libprotobuf-dev"),
        arguments: PayloadCase.all)
    func roundTrip(payload: PayloadCase) throws {
        var generator = SeededGenerator(seed: 53)
        for _ in 0..<3 {
            let bytes = payload.sample(&generator, arena)
            let decode = "--decode=\(payload.message) \(payload.file) < \"$INPUT\""
            let encode = "protoc \(Self.paths) --encode=\(payload.message) \(payload.file)"
            #expect(try protoc("\(decode) | \(encode)", bytes) == bytes)
        }
    }

    @Test(
        "say what was meant",
        .enabled(if: isInstalled, "protoc is not installed: apt install protobuf-compiler libprotobuf-dev"))
    func words() throws {
        var status = IntegrationStatus(key: .provider(.supabase))
        status.configuredReason = .hiddenByPolicy
        status.updatedAt = UnixTime(nanoseconds: -1)
        status.latency = LatencySummary(mean: .milliseconds(12), p95: .seconds(2))
        let event = StatusEvent(
            id: EventID(epoch: 1, sequence: .max), at: UnixTime(seconds: 60), projectID: try #require(ProjectID("p")),
            kind: "status:update", items: [status], overall: .error)
        let text = try protoc(
            "--decode=telltale.v1.WatchResponse telltale/v1/status_service.proto < \"$INPUT\"",
            WatchMessage.event(event).encoded(in: arena))
        #expect(
            String(decoding: text, as: UTF8.self) == """
                event {
                  id {
                    epoch: 1
                    sequence: 18446744073709551615
                  }
                  at {
                    seconds: 60
                  }
                  project_id: "p"
                  kind: "status:update"
                  items {
                    key: "supabase"
                    configured_reason: CONFIGURED_REASON_HIDDEN_BY_POLICY
                    visible: true
                    status: CONNECTION_STATE_DISCONNECTED
                    updated_at {
                      seconds: -1
                      nanos: 999999999
                    }
                    freshness: FRESHNESS_NEVER
                    latency {
                      mean {
                        nanos: 12000000
                      }
                      p95 {
                        seconds: 2
                      }
                    }
                  }
                  overall: CONNECTION_STATE_ERROR
                }

                """)
    }

    /// `proto/` of this checkout, and the well-known types of libprotobuf-dev.
    private static let paths: String = {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "-I '/\(folder)/proto' -I /usr/include"
    }()

    /// Runs `protoc` in a shell with `bytes` in the file `$INPUT`, and returns what it prints.
    private func protoc(_ arguments: String, _ bytes: [UInt8]) throws -> [UInt8] {
        var path = Array("/tmp/telltale-protoc-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        defer { unlink(path) }
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        try #require(written == bytes.count)

        let input = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pipe = try #require(popen("INPUT='\(input)'; protoc \(Self.paths) \(arguments)", "r"))
        var output: [UInt8] = []
        var byte = fgetc(pipe)
        while byte != EOF {
            output.append(UInt8(truncatingIfNeeded: byte))
            byte = fgetc(pipe)
        }
        #expect(pclose(pipe) == 0)
        return output
    }
}

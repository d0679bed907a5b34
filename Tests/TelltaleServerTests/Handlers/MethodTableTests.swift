import FoundationEssentials
import StatusModel
import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("The methods of the protocol", .timeLimit(.minutes(1)))
struct MethodTableTests {
    private struct Method: Hashable {
        var service: String
        var name: String
        var isStream: Bool
    }

    private static let unbuilt: Set<String> = ["GetMetrics"]

    /// What the `.proto` files declare.
    private func declared() throws -> Set<Method> {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let files = [
            "telltale/v1/status_service.proto", "telltale/v1/ingest_service.proto", "telltale/v1/admin_service.proto",
            "grpc/health/v1/health.proto",
        ]
        var methods: Set<Method> = []
        for file in files {
            let text = String(decoding: try Data(contentsOf: root.appending(path: "proto/\(file)")), as: UTF8.self)
            var (package, service) = ("", "")
            for line in text.split(separator: "\n") {
                let words = line.split { " (){};".contains($0) }
                switch words.first {
                case "package": package = String(words[1])
                case "service": service = "\(package).\(words[1])"
                case "rpc":
                    methods.insert(
                        Method(service: service, name: String(words[1]), isStream: words.contains("stream")))
                default: break
                }
            }
        }
        return methods
    }

    @Test("each one declared is there; what this version lacks says so in a sentence")
    func complete() async throws {
        let methods = try declared()
        #expect(methods.count == 18)
        #expect(methods.filter(\.isStream).count == 2)
        try await ServerRig().run { rig in
            let client = try await rig.client()
            for method in methods {
                let error = await failureOf {
                    _ = try await client.connection.call(service: method.service, method: method.name, payload: [])
                }
                if method.isStream {
                    #expect(error?.code == .invalidArgument, "\(method)")
                    #expect(error?.message.contains("streams") == true, "\(method)")
                } else if Self.unbuilt.contains(method.name) {
                    #expect(error?.code == .unimplemented, "\(method)")
                    #expect(error?.message.hasSuffix("is not part of this version of telltaled.") == true, "\(method)")
                    #expect(error?.hasDetail("google.rpc.ErrorInfo", holding: "NOT_IMPLEMENTED") == true, "\(method)")
                } else {
                    #expect(error?.code != .unimplemented, "\(method)")
                }
            }
        }
    }
}

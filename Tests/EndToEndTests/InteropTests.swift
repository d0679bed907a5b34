import FoundationEssentials
import Glibc
import StatusModel
import Testing

extension EndToEnd {
    /// The Go implementation of ttrpc, against the real daemon. Needs Go and the sources of containerd's ttrpc, which
    /// `script/bootstrap --dev` installs (Debian: golang-go, golang-github-containerd-ttrpc-dev).
    @Suite("A client from outside", .enabled(if: GoClient.isBuildable), .timeLimit(.minutes(5)))
    struct InteropTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        private struct Report: Decodable {
            struct Item: Decodable {
                var key: String
                var configured: Bool
                var status: Int
                var summary: String
            }

            struct Refusal: Decodable {
                var code: Int
                var message: String
                var details: [String]
            }

            var projectID: String
            var hash: String
            var envelopeHash: String
            var overall: Int
            var items: [Item]
            var unknownProject: Refusal
            var unknownMethod: Refusal
            var unknownService: Refusal

            enum CodingKeys: String, CodingKey {
                case hash, overall, items
                case projectID = "project_id"
                case envelopeHash = "envelope_hash"
                case unknownProject = "unknown_project"
                case unknownMethod = "unknown_method"
                case unknownService = "unknown_service"
            }
        }

        @Test("the Go client of ttrpc reads a status, and understands a refusal")
        func goClient() async throws {
            let client = try await GoClient.build()
            let daemon = try await stage.startDaemon(refresh: Refresh.onDemand + #", firstWait: "2s""#)
            let end = try await ProgramProcess(path: client, ["-calls", "200", daemon.socketPath, "shop"]).finish()
            #expect(end.ending == .exited(0), "\(end.errors)")
            let report = try JSONDecoder().decode(Report.self, from: Data(end.outputBytes))
            #expect(report.projectID == "shop")
            #expect(!report.hash.isEmpty && report.hash == report.envelopeHash)
            // The numbers of proto/telltale/v1/status.proto: connected is 1, disconnected 4.
            #expect(report.overall == 1)
            #expect(report.items.map(\.key) == ProviderKey.allCases.map(\.rawValue))
            #expect(report.items.map(\.status) == [1, 4, 4, 4])
            #expect(report.items[0].summary.hasPrefix("Linked to main · Last push "))
            // google.rpc.Code: NOT_FOUND and UNIMPLEMENTED.
            #expect(report.unknownProject.code == 5)
            #expect(report.unknownProject.message.contains("no-such-project"))
            #expect(report.unknownProject.details == ["type.googleapis.com/google.rpc.ErrorInfo"])
            #expect(report.unknownMethod.code == 12)
            #expect(report.unknownService.code == 12)
        }
    }
}

/// `Interop/getstatus`, built with the libraries that Debian installs.
private enum GoClient {
    private static let goPath = "/usr/share/gocode"

    static var isBuildable: Bool { go != nil && access("\(goPath)/src/github.com/containerd/ttrpc", R_OK) == 0 }

    /// Builds it, and gives its path. The compiler's cache stands beside the tests, so that it is slow only once.
    static func build() async throws -> String {
        let directory = "\(Program.directory)/interop"
        try FileManager.default.createDirectory(atPath: "\(directory)/cache", withIntermediateDirectories: true)
        let source = "\(#filePath[...(#filePath.lastIndex(of: "/") ?? #filePath.startIndex)])Interop/getstatus/main.go"
        let path = "\(directory)/getstatus"
        let build = try ProgramProcess(
            path: go ?? "", ["build", "-o", path, source],
            environment: [
                "GO111MODULE": "off", "GOPATH": goPath, "CGO_ENABLED": "0", "GOCACHE": "\(directory)/cache",
                "GOFLAGS": "", "GOTOOLCHAIN": "local",
            ])
        let end = try await build.finish()
        guard end.ending == .exited(0) else {
            throw ProgramProcess.Disappointment(description: "go build failed:\n\(end.errors)")
        }
        return path
    }

    private static var go: String? {
        ["/usr/bin/go", "/usr/local/bin/go", "/usr/local/go/bin/go"].first { access($0, X_OK) == 0 }
    }
}

import StatusCore
import StatusModel
import StatusWire
import TTRPCCore
import TelltaleServer
import Testing

@Suite("The method Reload", .timeLimit(.minutes(1)))
struct ReloadMethodTests {
    private static let report = ReloadReport(
        projectsAdded: 1, projectsChanged: 2, projectsRemoved: 3, needsRestart: ["refresh.ttl"])

    @Test("owners and admins may, and hear how it went; nobody else starts one")
    func roles() async throws {
        try await ServerRig(reload: { .success(Self.report) }).run { rig in
            for role in [Role.owner, .admin] {
                let report = try await rig.client(role).call(ServerRig.admin, "Reload", as: ReloadReport.self)
                #expect(report == Self.report)
            }
            for role in [Role.editor, .viewer] {
                let client = try await rig.client(role)
                let error = await failureOf {
                    _ = try await client.call(ServerRig.admin, "Reload", as: ReloadReport.self)
                }
                #expect(error?.code == .permissionDenied)
            }
        }
    }

    @Test("a refused file is told mistake by mistake")
    func mistakes() async throws {
        let text = "{\n refresh: {ttl: 15},\n colour: 1}"
        let refused: Reload = { Result { () throws(ConfigurationError) in _ = try parse(text) }.map { Self.report } }
        try await ServerRig(reload: refused).run { rig in
            let client = try await rig.client()
            let error = await failureOf {
                _ = try await client.call(ServerRig.admin, "Reload", as: ReloadReport.self)
            }
            #expect(error?.code == .failedPrecondition)
            #expect(error?.hasDetail("google.rpc.ErrorInfo", holding: "CONFIGURATION_INVALID") == true)
            let lines = error?.message.split(separator: "\n") ?? []
            #expect(lines.first == "The configuration has 2 mistakes; the one before it stays in force.")
            #expect(lines.dropFirst().map { String($0) } == complaints(text))
        }
    }

    @Test("more mistakes than fit a frame are counted")
    func manyMistakes() async throws {
        let mistakes = (1...1_000).map {
            ConfigMistake(file: "/etc/telltale/telltale.json5", line: $0, message: "is wrong in some way or other")
        }
        try await ServerRig(reload: { .failure(ConfigurationError(mistakes: mistakes)) }).run { rig in
            let client = try await rig.client()
            let error = await failureOf {
                _ = try await client.call(ServerRig.admin, "Reload", as: ReloadReport.self)
            }
            let lines = error?.message.split(separator: "\n") ?? []
            #expect((100..<1_000).contains(lines.count))
            #expect(lines.last?.hasPrefix("and \(1_002 - lines.count) more; telltaled --check-config") == true)
        }
    }
}

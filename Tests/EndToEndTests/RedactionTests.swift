import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("What a viewer may not see", .timeLimit(.minutes(2)))
    struct RedactionTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        private static let organisation = "umbra-holding"
        private static let project =
            #"atlas: { github: { repo: "umbra-holding/blackbox", api: "$API", credential: "$TOKEN" } }"#
        private static let atlas = ProjectID(known: "atlas")

        private func startDaemon(hidden: String = "") async throws -> RunningDaemon {
            try await stage.simulator.setRepository("\(Self.organisation)/blackbox", #"{"private":true}"#)
            let projects =
                hidden.isEmpty ? Self.project : String(Self.project.dropLast(1)) + ", hidden: { \(hidden) } }"
            return try await stage.startDaemon(projects: projects)
        }

        @Test("a private repository has no name for a viewer, in no byte of any answer")
        func privateRepository() async throws {
            let daemon = try await startDaemon()
            #expect(
                try await daemon.client().status(of: Self.atlas).envelope?.items[0].label == "umbra-holding/blackbox")
            let item = try await daemon.client(role: .viewer).status(of: Self.atlas).envelope?.items[0]
            #expect(item?.label == "Private repository")
            #expect(item?.status == .connected)

            for (method, flags) in [("GetStatus", UInt8(0)), ("Watch", 1)] {
                let (owner, viewer) = (try RawConnection(daemon.socketPath), try RawConnection(daemon.socketPath))
                owner.send(RawFrame.request(method, project: "atlas", flags: flags))
                let seen = String(decoding: try #require(await owner.nextFrame()), as: UTF8.self)
                #expect(seen.contains(Self.organisation), "or this test tests nothing")
                let metadata = [("telltale-role", "viewer")]
                viewer.send(RawFrame.request(method, project: "atlas", metadata: metadata, flags: flags))
                let told = String(decoding: try #require(await viewer.nextFrame()), as: UTF8.self)
                #expect(told.contains("Private repository"))
                #expect(!told.contains(Self.organisation) && !told.contains("blackbox"))
            }
        }

        @Test("neither do errors and the command line name it")
        func trouble() async throws {
            let daemon = try await startDaemon()
            _ = try await daemon.client().status(of: Self.atlas)
            try await stage.simulator.command("DELETE", "github/repos/\(Self.organisation)/blackbox")
            let answer = try await daemon.client(role: .viewer).refresh(Self.atlas)
            #expect(answer.envelope?.items[0].problem?.code == .notFound)
            for arguments in [
                ["status", "atlas", "--role", "viewer"], ["status", "atlas", "--role", "viewer", "--json"],
            ] {
                let end = try await ProgramProcess(
                    .telltale, arguments, environment: ["TELLTALE_SOCKET": daemon.socketPath]
                ).finish()
                #expect(end.ending == .exited(0))
                #expect(end.output.contains("not_found"), "\(end.output)")
                #expect(!(end.output + end.errors).contains(Self.organisation))
            }
        }

        @Test("an item that policy hides keeps its place and says nothing")
        func hidden() async throws {
            let daemon = try await startDaemon(hidden: #"github: ["viewer"]"#)
            #expect(try await daemon.client().status(of: Self.atlas).envelope?.overall == .connected)
            let envelope = try #require(try await daemon.client(role: .viewer).status(of: Self.atlas).envelope)
            #expect(envelope.items.map(\.key) == ProviderKey.allCases.map { .provider($0) })
            #expect(!envelope.items[0].visible && envelope.items[0].configuredReason == .hiddenByPolicy)
            #expect(envelope.items[0].summary.isEmpty && envelope.items[0].label.isEmpty)
            #expect(envelope.overall == .disconnected)
        }

        @Test("what a viewer may not see, it may not have read anew either")
        func invalidation() async throws {
            let daemon = try await startDaemon()
            let error = await #expect(throws: TelltaleError.self) {
                try await daemon.client(role: .viewer).invalidate(Self.atlas)
            }
            #expect(error?.code == .permissionDenied)
        }
    }
}

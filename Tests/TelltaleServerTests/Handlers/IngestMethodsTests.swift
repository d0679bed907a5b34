import Locks
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TTRPCCore
import TestSupport
import Testing

@Suite("Taking reports of runs", .timeLimit(.minutes(1)))
struct IngestMethodsTests {
    private func report(
        _ id: String = "ci-1", of project: String = "shop", key: ItemKey? = .provider(.github), endedAt: UnixTime? = nil
    ) throws -> RunReport {
        RunReport(
            projectID: try #require(ProjectID(project)), kind: .diagnostics,
            results: [RunResult(name: "token", key: key, passed: true, latency: .milliseconds(20))], endedAt: endedAt,
            runID: id)
    }

    private func send(_ report: RunReport, _ client: TestClient, role: String? = nil) async throws -> RunReceipt {
        try await client.call(
            "telltale.v1.IngestService", "ReportRun", report.encoded(in: MessageArena()), role: role,
            as: RunReceipt.self)
    }

    @Test("a run is in the envelope and in the watch by the time it is answered, and counts once")
    func reported() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client(.editor)
            let watch = try await client.watch(WatchRequest(kinds: ["run:*"]))
            guard case .snapshot = try await watch.next() else {
                Issue.record("A watch begins with a snapshot.")
                return
            }
            let receipt = try await send(report(), client)
            #expect(!receipt.isDuplicate)
            let envelope = try #require(try await client.status().envelope)
            #expect(envelope.lastRuns == [RunRecord(kind: "diagnostics", at: rig.time.now.wall, passed: true)])
            #expect(envelope.items[0].samples == 1)
            #expect(envelope.items[0].latency == LatencySummary(mean: .milliseconds(20), p95: .milliseconds(20)))
            let event = try #require(try await watch.nextEvent())
            #expect(event.id == receipt.event)
            #expect(event.kind == "run:finished")
            #expect(try await send(report(), client) == RunReceipt(event: receipt.event, isDuplicate: true))
        }
    }

    @Test("editors and mightier may report; a viewer may not, and learns nothing of what exists")
    func roles() async throws {
        try await ServerRig().run { rig in
            let owner = try await rig.client(.owner)
            let viewer = try await rig.client(.viewer)
            for role in ["owner", "admin", "editor"] {
                #expect(try await !send(report("by-\(role)"), owner, role: role).isDuplicate)
            }
            let refused = await failureOf { _ = try await send(report(), owner, role: "viewer") }
            #expect(refused?.code == .permissionDenied)
            let nowhere = await failureOf { _ = try await send(report(of: "nowhere"), viewer) }
            #expect(nowhere?.code == .permissionDenied)
            #expect(await failureOf { _ = try await send(report(of: "nowhere"), owner) }?.code == .notFound)
        }
    }

    @Test("an item that the project lacks, and an end that lies too far ahead, are refused by their field")
    func mistakes() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let key = await failureOf { _ = try await send(report(key: .service("other")), client) }
            #expect(key?.code == .invalidArgument)
            #expect(key?.hasDetail("google.rpc.BadRequest", holding: "results[0].key") == true)
            let ahead = rig.time.now.wall.advanced(by: .seconds(301))
            let end = await failureOf { _ = try await send(report(endedAt: ahead), client) }
            #expect(end?.code == .invalidArgument)
            #expect(end?.hasDetail("google.rpc.BadRequest", holding: "ended_at") == true)
            #expect(rig.entry()?.snapshot.lastRuns.isEmpty == true)
        }
    }

    @Test("a run that the store cannot keep is not acknowledged; the sentence says why, and to report it again")
    func refusingStore() async throws {
        let store = FullStore()
        try await ServerRig(store: store).run { rig in
            let client = try await rig.client()
            let error = await failureOf { _ = try await send(report(), client) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("; free some.") == true)
            #expect(error?.message.contains("again with the same run_id; it counts once") == true)
            #expect(error?.hasDetail("google.rpc.ErrorInfo", holding: "STORE_UNAVAILABLE") == true)
            let unnamed = await failureOf { _ = try await send(report(""), client) }
            #expect(unnamed?.message.contains("may count again") == true)
            // What is known is not lost meanwhile.
            #expect(try await client.status().envelope?.items[0].samples == 2)
        }
    }
}

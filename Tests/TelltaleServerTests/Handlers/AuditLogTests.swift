import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel
import StatusWire
import TTRPCCore
import TelltaleServer
import TestSupport
import Testing

@Suite("The audit of actions", .timeLimit(.minutes(1)))
struct AuditLogTests {
    @Test("a call that cannot be decoded leaves a line with who it was and what is wrong, and none of what it sent")
    func malformed() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let request = ActionRequest(
                projectID: .shop, key: .provider(.github), action: String(repeating: "canary", count: 11),
                payload: Array("canary".utf8), idempotencyKey: "canary")
            let bytes = request.encoded(in: MessageArena())
            let status = await failureOf { try await client.run(bytes, role: "admin") }
            #expect(status?.code == .invalidArgument)
            let record = try #require(rig.decisions.first)
            #expect(rig.decisions.count == 1)
            #expect(record.contains(.text("decision", "malformed")) && record.contains(.text("role", "admin")))
            #expect(record.contains(.text("reason", status?.message ?? "")))
            #expect(record.contains { "\($0)".contains("uid") } && !"\(record)".contains("canary"))
        }
    }

    @Test("so does one that does not say on whose behalf it is")
    func nobody() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let status = await failureOf { try await client.run([], role: "emperor") }
            #expect(status?.code == .invalidArgument)
            #expect(rig.decisions.first?.contains(.text("decision", "malformed")) == true)
        }
    }

    @Test("an operation that an earlier daemon left is a line with its name, and why it goes no further")
    func resumed() {
        // No level keeps the audit out.
        let sink = RecordingLogSink(level: .error)
        let time = ManualTime()
        let audit = AuditLog(Logger(sink: sink) { UnixTime(seconds: 0) }, time: time)
        var record = OperationRecord(
            id: "op-1", item: ItemReference(project: .shop, key: .provider(.github)), action: .push,
            name: OperationName(owner: "uid:1", key: "k"), requestedBy: "ada", fingerprint: "f", payload: [],
            createdAt: time.now, words: OperationWords("Pushes"))
        audit.resumed(record, .begin)
        audit.resumed(record, .follow(handle: "dpl_1"))
        record.fail(.linkedOtherwise(record.item.key), at: time.now)
        audit.resumed(record, .over)
        let expected: [LogField] = [.text("operationId", "op-1"), .userID("ada"), .text("action", "push")]
        for (record, decision) in zip(sink.records, ["begun_again", "followed_on", "failed"]) {
            #expect(([.text("decision", decision)] + expected).allSatisfy { record.fields.contains($0) })
        }
        #expect(sink.records.count == 3 && sink.records[2].fields.contains(.text("reason", "LINK_CHANGED")))
    }
}

extension ServerRig {
    /// The fields of each line of the audit.
    fileprivate var decisions: [[LogField]] {
        logSink.records.filter { "\($0.message)" == "action decided" }.map(\.fields)
    }
}

extension TestClient {
    fileprivate func run(_ payload: [UInt8], role: String) async throws {
        _ = try await call(ServerRig.status, "RunAction", payload, role: role, as: OperationReceipt.self)
    }
}

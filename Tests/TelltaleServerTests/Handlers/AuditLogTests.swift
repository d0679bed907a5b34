import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusEngine
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
    func resumed() async {
        // No level keeps the audit out.
        let sink = RecordingLogSink(level: .error)
        let time = ManualTime()
        let audit = AuditLog(Logger(sink: sink) { UnixTime(seconds: 0) }, time: time)
        let record = OperationRecord(
            id: "op-1", item: ItemReference(project: .shop, key: .provider(.github)), action: .push,
            name: OperationName(owner: "uid:1", key: "k"), requestedBy: "ada", fingerprint: "f", payload: [],
            createdAt: time.now, words: OperationWords("Pushes"))
        var failed = record
        failed.fail(.linkedOtherwise(record.item.key), at: time.now)
        await audit.resumed([
            ResumedOperation(record: record, resumption: .begin),
            ResumedOperation(record: record, resumption: .follow(handle: "dpl_1")),
            ResumedOperation(record: failed, resumption: .over),
        ])
        let expected: [LogField] = [.text("operationId", "op-1"), .userID("ada"), .text("action", "push")]
        for (record, decision) in zip(sink.records, ["begun_again", "followed_on", "failed"]) {
            #expect(([.text("decision", decision)] + expected).allSatisfy { record.fields.contains($0) })
        }
        #expect(sink.records.count == 3 && sink.records[2].fields.contains(.text("reason", "LINK_CHANGED")))
    }

    @Test(
        "of a crowd of decisions that nobody waits for the first have their lines, and one tells the number of the others",
        arguments: ["malformed", "dry_run", "replayed"])
    func crowd(decision: String) async throws {
        let executor = ManualExecutor { _ in .success(.done(ActionResult(OperationWords("")))) }
        try await ServerRig(executors: ActionExecutors(all: executor)).run { rig in
            let client = try await rig.client()
            _ = try await client.status("shop", ReadersContract(maxWait: .seconds(5)), .preferFresh)
            if decision == "replayed" { try await client.run(Self.push(1), role: "admin") }
            let payload = decision == "malformed" ? [] : Self.push(1, isDryRun: decision == "dry_run")
            let telling = Task { await rig.audit.run() }
            for _ in 0..<AuditPace.linesMax + 30 {
                _ = await failureOf { try await client.run(payload, role: "admin") }
            }
            let told = rig.decisions.filter { $0.contains(.text("decision", decision)) }
            #expect(told.count == AuditPace.linesMax)
            while rig.untold.isEmpty { await rig.advance(by: .seconds(1)) }
            #expect(rig.untold.count == 1 && rig.untold[0].contains(.number("count", 30)))
            #expect(rig.untold[0].contains(.text("decision", decision)))
            telling.cancel()
            await telling.value
        }
    }

    @Test(
        "an action whose line nobody reads is held up for a moment, and one whose line has no room is refused",
        arguments: [StreamLogSink.queueBytesMax, 64])
    func unread(queueBytesMax: Int) async throws {
        let pipe = try LogPipe()
        pipe.fill()
        let sink = StreamLogSink(
            LogConfiguration(), descriptor: pipe.writeEnd, hasJournalPriority: false, queueBytesMax: queueBytesMax
        ) { UnixTime(seconds: 0) }
        let executor = ManualExecutor { _ in .success(.done(ActionResult(OperationWords("")))) }
        try await ServerRig(executors: ActionExecutors(all: executor), auditSink: sink).run { rig in
            let client = try await rig.client()
            _ = try await client.status("shop", ReadersContract(maxWait: .seconds(5)), .preferFresh)
            let passing = Task { while !Task.isCancelled { await rig.advance(by: AuditLog.patience) } }
            let refusal = await failureOf { try await client.run(Self.push(1), role: "admin") }
            passing.cancel()
            await passing.value
            if queueBytesMax > 64 {
                #expect(refusal == nil)
                await eventually { executor.performedCount == 1 }
            } else {
                #expect(refusal?.hasDetail("google.rpc.ErrorInfo", holding: "AUDIT_UNAVAILABLE") == true)
                #expect(refusal?.code == .unavailable && refusal?.message.contains("queue is full") == true)
                #expect(executor.performedCount == 0)
            }
        }
    }

    private static func push(_ number: Int, isDryRun: Bool = false) -> [UInt8] {
        let digits = String(number)
        var request = ActionRequest(
            projectID: .shop, key: .provider(.github), action: "push",
            idempotencyKey: "123e4567-e89b-12d3-a456-" + String(repeating: "0", count: 12 - digits.count) + digits)
        request.isDryRun = isDryRun
        return request.encoded(in: MessageArena())
    }
}

extension ServerRig {
    /// The fields of each line of the audit.
    fileprivate var decisions: [[LogField]] {
        logSink.records.filter { "\($0.message)" == "action decided" }.map(\.fields)
    }

    /// Those of the lines that tell how many had none.
    fileprivate var untold: [[LogField]] {
        logSink.records.filter { "\($0.message)" == "more actions decided alike" }.map(\.fields)
    }
}

extension TestClient {
    fileprivate func run(_ payload: [UInt8], role: String) async throws {
        _ = try await call(ServerRig.status, "RunAction", payload, role: role, as: OperationReceipt.self)
    }
}

import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel
import StatusStore
import Testing

@Suite("Records of operations and of changes of links")
struct OperationRecordTests {
    private let coder = TestHost.coder
    private let samples = Samples(now: TestHost.now)

    private func again(_ operation: OperationRecord) throws -> OperationRecord {
        try coder.encode(operation).withUnsafeBytes { try coder.operation(from: $0) }
    }

    @Test("what is longer than its bound is written so that it can be read back")
    func tooLong() throws {
        let long = String(repeating: "漢", count: 2_000)
        var operation = try samples.operation(1, key: "key")
        operation.payload = [UInt8](repeating: 0x20, count: ActionRequest.payloadBytesMax + 1)
        operation.requestedBy = long
        operation.accept(handle: long, OperationWords(long, generic: "Works"), at: TestHost.now)
        var kept = try again(operation)
        #expect(kept.payload.count == ActionRequest.payloadBytesMax)
        #expect(kept.requestedBy == String(long.prefix(OperationRecord.textBytesMax / 3)))
        #expect(kept.words == OperationWords(kept.requestedBy, generic: "Works"))
        #expect(kept.stage == .accepted(handle: String(long.prefix(ActionStep.handleBytesMax / 3))))
        // Half of a JSON object is none.
        let result = [UInt8](repeating: 0x20, count: OperationRecord.resultBytesMax + 1)
        operation.succeed(OperationWords("Done"), result: result, at: TestHost.now)
        kept = try again(operation)
        #expect(kept.result.isEmpty)
        #expect(kept.state == .succeeded)
    }

    @Test("what is exactly as long as its bound comes back as it was")
    func longest() throws {
        var operation = try samples.operation(1, key: String(repeating: "k", count: OperationRecord.textBytesMax))
        operation.payload = [UInt8](repeating: 0x20, count: ActionRequest.payloadBytesMax)
        let result = [UInt8](repeating: 0x20, count: OperationRecord.resultBytesMax)
        operation.succeed(OperationWords("Done"), result: result, at: TestHost.now)
        #expect(try again(operation) == operation)
    }

    @Test("an operation that is over has an end, and no other has")
    func end() throws {
        let refusal = "ended_at must be there when it is over, and only then"
        #expect(try refused { $0.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_SUCCEEDED } == refusal)
        #expect(try refused { $0.ended_at = $0.created_at } == refusal)
    }

    @Test("a stage and an action that nobody knows are refused")
    func unknown() throws {
        #expect(
            try refused { $0.stage = Telltale__Store__V1__OperationStage(rawValue: 4711) }
                == "stage must be a number that this version knows")
        #expect(
            try refused { $0.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_FAILED }
                == "failure is required")
        #expect(try refused { $0.action.len = 3 } == "action must be an action that this version knows")
    }

    /// What is said of an operation's record after `change`.
    private func refused(
        after change: (inout Telltale__Store__V1__OperationRecord) -> Void
    ) throws -> String? {
        let arena = MessageArena()
        let bytes = coder.encode(try samples.operation(1, key: "key"))
        let message = bytes.withUnsafeBytes { arena.unpack($0, with: telltale__store__v1__operation_record__unpack) }
        var record = try #require(message).pointee
        change(&record)
        let changed = withUnsafeMutablePointer(to: &record) { MessageArena.pack($0) }
        do {
            _ = try changed.withUnsafeBytes { try coder.operation(from: $0) }
            return nil
        } catch { return "\(error)" }
    }

    @Test("a change of a link that holds another item's link is refused")
    func foreignLink() throws {
        var change = try samples.linkChange(1)
        change.link = Link(target: .github(GitHubTarget(owner: "acme", repository: "shop")))
        let bytes = coder.encode(change)
        let error = #expect(throws: RecordError.self) {
            try bytes.withUnsafeBytes { _ = try coder.linkChange(from: $0) }
        }
        #expect(error?.description == "link must be a link of the item that it changes")
    }
}

import CTelltaleProtos
import ProtobufMessages
import StatusModel
import StatusWire
import Testing

@Suite("What is asked of actions and operations")
struct ActionRequestTests {
    private let arena = MessageArena()

    private func refusal<Value: WirePayload>(_: Value.Type, of bytes: [UInt8]) -> WireError? {
        do {
            _ = try Value(decoding: bytes, in: arena)
            return nil
        } catch { return error }
    }

    private func run(_ change: (inout Telltale__V1__RunActionRequest) -> Void) -> WireError? {
        let bytes = arena.scoped {
            let message = arena.make(telltale__v1__run_action_request__init)
            message.pointee.project_id = arena.text("shop")
            message.pointee.key = arena.text("vercel")
            message.pointee.action = arena.text("link")
            change(&message.pointee)
            return MessageArena.pack(message)
        }
        return refusal(ActionRequest.self, of: bytes)
    }

    @Test("an action may lack its payload and its key, of which the receiver knows more to say")
    func defaults() { #expect(run { _ in } == nil) }

    @Test("an action has a name within its bound", arguments: [(0, false), (1, true), (64, true), (65, false)])
    func names(_ count: Int, _ isRight: Bool) {
        let error = run { $0.action = arena.text(String(repeating: "a", count: count)) }
        #expect(error?.field == (isRight ? nil : "action"))
    }

    @Test("a payload has at most 64 KiB", arguments: [0, 1])
    func payloads(_ excess: Int) {
        let payload = [UInt8](repeating: 0x20, count: ActionRequest.payloadBytesMax + excess)
        let error = run { request in request.payload = payload.withUnsafeBytes { arena.bytes($0) } }
        #expect(error?.field == (excess > 0 ? "payload" : nil))
    }

    @Test("an action is done to an item of a project")
    func target() {
        #expect(run { $0.project_id = nil }?.field == "project_id")
        #expect(run { $0.key = arena.text("gitlab") }?.field == "key")
        #expect(run { $0.key = nil }?.field == "key")
    }

    @Test("an operation is asked for by a name within its bound", arguments: [(0, false), (64, true), (65, false)])
    func ids(_ count: Int, _ isRight: Bool) {
        let query = OperationQuery(id: String(repeating: "o", count: count))
        let error = refusal(OperationQuery.self, of: query.encoded(in: arena))
        #expect(error?.field == (isRight ? nil : "operation_id"))
    }

    @Test("a wait that is too long counts as the longest, and none may be negative")
    func waits() throws {
        let long = OperationQuery(id: "o", wait: .seconds(31)).encoded(in: arena)
        #expect(try OperationQuery(decoding: long, in: arena).wait == .seconds(30))
        let bytes = arena.scoped {
            let message = arena.make(telltale__v1__get_operation_request__init)
            message.pointee.operation_id = arena.text("o")
            message.pointee.wait = Duration.seconds(-1).message(in: arena)
            return MessageArena.pack(message)
        }
        #expect(refusal(OperationQuery.self, of: bytes)?.field == "wait")
    }

    @Test("a page has 50 operations unless another number is named, and never more than 200")
    func pages() throws {
        for (asked, given) in [(0, 50), (1, 1), (200, 200), (201, 200), (Int(UInt32.max), 200)] {
            let query = OperationListQuery(projectID: try #require(ProjectID("shop")), pageSize: asked)
            #expect(try OperationListQuery(decoding: query.encoded(in: arena), in: arena).pageSize == given)
        }
    }

    @Test("the time at which an operation may be tried again comes back, counted from its last move")
    func retryAfter() throws {
        let moved = UnixTime(seconds: 1_767_225_600)
        var operation = Operation(
            id: "o", projectID: try #require(ProjectID("shop")), key: .provider(.vercel), action: "link",
            state: .failed, createdAt: moved, updatedAt: moved)
        for (delay, told) in [(90, 90), (0, 0), (-5, 0)] {
            operation.error = OperationError(
                code: 8, reason: "QUOTA", message: "Used up.", retryAfter: moved.advanced(by: .seconds(delay)))
            let bytes = GetOperationResponse(operation: operation).encoded(in: arena)
            let read = try GetOperationResponse(decoding: bytes, in: arena).operation
            #expect(read.error?.retryAfter == moved.advanced(by: .seconds(told)))
            #expect(read.error?.reason == "QUOTA")
        }
    }
}

import ProtobufMessages
import StatusWire
import TTRPCCore
import TTRPCTransport

/// A unary method whose request and answer are each one message: decodes, calls, encodes.
struct MessageMethod<Request: WirePayload & Sendable, Answer: WirePayload & Sendable>: UnaryMethod {
    /// Hears of a call that is no request, and of its caller where that one is known.
    let onMalformed: @Sendable (TTRPCPeer, Principal?, RPCStatus) -> Void
    let answer: @Sendable (Request, Principal) async throws(RPCStatus) -> Answer

    init(
        onMalformed: @escaping @Sendable (TTRPCPeer, Principal?, RPCStatus) -> Void = { _, _, _ in },
        _ answer: @escaping @Sendable (Request, Principal) async throws(RPCStatus) -> Answer
    ) {
        self.onMalformed = onMalformed
        self.answer = answer
    }

    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome {
        var known: Principal?
        do throws(RPCStatus) {
            let caller = try Principal(request)
            known = caller
            let query: Request
            do throws(WireError) {
                query = try Request(decoding: request.payload, in: request.arena)
            } catch {
                throw CallErrors.invalid(error, in: request.arena)
            }
            return .later { [answer] () async throws(RPCStatus) -> [UInt8] in
                try await answer(query, caller).encoded(in: MessageArena())
            }
        } catch {
            onMalformed(request.peer, known, error)
            return .failed(error)
        }
    }
}

/// A unary method whose request holds nothing.
struct QuestionMethod<Answer: WirePayload & Sendable>: UnaryMethod {
    let answer: @Sendable (Principal) async throws(RPCStatus) -> Answer

    init(_ answer: @escaping @Sendable (Principal) async throws(RPCStatus) -> Answer) { self.answer = answer }

    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome {
        do throws(RPCStatus) {
            let caller = try Principal(request)
            return .later { [answer] () async throws(RPCStatus) -> [UInt8] in
                try await answer(caller).encoded(in: MessageArena())
            }
        } catch {
            return .failed(error)
        }
    }
}

/// A method of the protocol that this version does not have yet: it says so in a sentence.
struct UnbuiltMethod: UnaryMethod {
    let name: String

    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome {
        .failed(CallErrors.notYet(name, in: request.arena))
    }
}

import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport

/// `GetStatus`: what is known is copied from the board on the loop that read the request; only a reader who is ready to
/// wait, or a project of which nothing is known, meets the engine.
struct GetStatusMethod: UnaryMethod {
    /// A wait ends this much before the caller's deadline, so that an old answer arrives in place of an error.
    private static let deadlineMargin = Duration.milliseconds(20)

    let engine: StatusEngine
    let time: any TimeSource
    let policy: ReaderPolicy

    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome {
        do throws(RPCStatus) { return try answer(request, reply) } catch { return .failed(error) }
    }

    func prepare(_ request: InboundRequest) -> (any PreparedCall)? {
        // Whoever had an answer is no error now, and an error is not worth preparing.
        guard let caller = try? Principal(request),
            let query = try? GetStatusRequest(decoding: request.payload, in: request.arena),
            engine.board[query.projectID] != nil
        else { return nil }
        return PreparedStatus(query, role: caller.role, engine: engine, time: time, policy: policy)
    }

    private func answer(_ request: InboundRequest, _ reply: Reply) throws(RPCStatus) -> UnaryOutcome {
        let caller = try Principal(request)
        let query: GetStatusRequest
        do throws(WireError) {
            query = try GetStatusRequest(decoding: request.payload, in: request.arena)
        } catch {
            throw CallErrors.invalid(error, in: request.arena)
        }
        guard let entry = engine.board[query.projectID] else {
            throw CallErrors.unknownProject(query.projectID, in: request.arena)
        }
        let now = time.now
        let wasForgotten = engine.noteAsked(entry, at: now.instant)
        let (view, progress) = entry.view(for: caller.role, at: now)
        let decision = ReaderDecision.decide(
            on: view.rendered, contract: query.contract, mode: query.mode, progress: progress, now: now.instant,
            policy: policy)
        // Of a project that was never read no refresh had stopped.
        let isResumed = wasForgotten && view.rendered.oldestReadingAt != nil
        switch decision {
        case .answer(let source):
            send(
                StatusAnswerBytes(
                    view, source, progress.isRunning, isResumed: isResumed, ifNoneMatch: query.ifNoneMatch),
                at: now, reply, request.arena)
            return .replied
        case .answerAndRefresh(let source):
            engine.nudge(entry, view.rendered.wish(of: query.contract, at: now.instant))
            send(
                StatusAnswerBytes(view, source, true, isResumed: isResumed, ifNoneMatch: query.ifNoneMatch), at: now,
                reply, request.arena)
            return .replied
        case .refuseTooOld(let age):
            engine.nudge(entry, view.rendered.wish(of: query.contract, at: now.instant))
            throw CallErrors.tooOld(age: age, limit: query.contract.maxStale, in: request.arena)
        case .waitForRefresh(let wait):
            let wait = Self.bounded(wait, query.timeout, request.timeout)
            return .later(waiting(query, caller, isResumed: isResumed, atMost: wait))
        }
    }

    private static func bounded(_ wait: Duration, _ timeouts: Duration?...) -> Duration {
        timeouts.compactMap { $0 }.reduce(wait) { min($0, max(.zero, $1 - deadlineMargin)) }
    }

    private func send(_ answer: StatusAnswerBytes, at now: Moment, _ reply: Reply, _ arena: MessageArena) {
        engine.reads.count(answer.source)
        answer.withSuffix(at: now, in: arena) { suffix in
            answer.prefix.withUnsafeBytes { reply.send($0, suffix) }
        }
    }

    private func waiting(
        _ query: GetStatusRequest, _ caller: Principal, isResumed: Bool, atMost wait: Duration
    ) -> @Sendable () async throws(RPCStatus) -> [UInt8] {
        { [engine, time, role = caller.role] () async throws(RPCStatus) -> [UInt8] in
            let read = await engine.read(
                query.projectID, role: role, contract: query.contract, mode: query.mode, atMost: wait)
            guard let read else { throw CallErrors.unknownProject(query.projectID) }
            switch read.decision {
            case .refuseTooOld(let age): throw CallErrors.tooOld(age: age, limit: query.contract.maxStale)
            case .answer(let source), .answerAndRefresh(let source):
                engine.reads.count(source)
                let answer = StatusAnswerBytes(
                    read.view, source, read.progress.isRunning, isResumed: isResumed, ifNoneMatch: query.ifNoneMatch)
                return answer.encoded(at: time.now)
            case .waitForRefresh:
                let answer = StatusAnswerBytes(
                    read.view, .checking, true, isResumed: isResumed, ifNoneMatch: query.ifNoneMatch)
                return answer.encoded(at: time.now)
            }
        }
    }
}

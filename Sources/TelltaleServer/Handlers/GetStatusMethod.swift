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

    private func answer(_ request: InboundRequest, _ reply: Reply) throws(RPCStatus) -> UnaryOutcome {
        let caller = try Caller(request)
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
        entry.noteAsked(at: engine.askedAt(now.instant))
        let (view, progress) = entry.view(for: caller.role, at: now)
        let decision = ReaderDecision.decide(
            on: view.rendered, contract: query.contract, mode: query.mode, progress: progress, now: now.instant,
            policy: policy)
        let refreshing = progress.isRunning
        switch decision {
        case .answer(let source):
            send(Answer(view, source, refreshing, ifNoneMatch: query.ifNoneMatch), at: now, reply, request.arena)
            return .replied
        case .answerAndRefresh(let source):
            engine.nudge(entry, everything: query.contract.maxAge != nil)
            send(Answer(view, source, true, ifNoneMatch: query.ifNoneMatch), at: now, reply, request.arena)
            return .replied
        case .refuseTooOld(let age):
            engine.nudge(entry, everything: true)
            throw CallErrors.tooOld(age: age, limit: query.contract.maxStale, in: request.arena)
        case .waitForRefresh(let wait):
            return .later(waiting(query, caller, atMost: Self.bounded(wait, query.timeout, request.timeout)))
        }
    }

    private static func bounded(_ wait: Duration, _ timeouts: Duration?...) -> Duration {
        timeouts.compactMap { $0 }.reduce(wait) { min($0, max(.zero, $1 - deadlineMargin)) }
    }

    private func send(_ answer: Answer, at now: Moment, _ reply: Reply, _ arena: MessageArena) {
        engine.reads.count(answer.source)
        withUnsafeTemporaryAllocation(byteCount: AnswerOrigin.responseSuffixBytesMax, alignment: 8) { suffix in
            let count = answer.origin(at: now).appendResponseSuffix(to: suffix, in: arena)
            answer.prefix.withUnsafeBytes { prefix in
                reply.send(prefix, UnsafeRawBufferPointer(rebasing: suffix[..<count]))
            }
        }
    }

    private func waiting(
        _ query: GetStatusRequest, _ caller: Caller, atMost wait: Duration
    ) -> @Sendable () async throws(RPCStatus) -> [UInt8] {
        { [engine, time, role = caller.role] () async throws(RPCStatus) -> [UInt8] in
            let read = await engine.read(
                query.projectID, role: role, contract: query.contract, mode: query.mode, atMost: wait)
            guard let read else { throw CallErrors.unknownProject(query.projectID) }
            switch read.decision {
            case .refuseTooOld(let age): throw CallErrors.tooOld(age: age, limit: query.contract.maxStale)
            case .answer(let source), .answerAndRefresh(let source):
                engine.reads.count(source)
                let answer = Answer(read.view, source, read.progress.isRunning, ifNoneMatch: query.ifNoneMatch)
                return answer.encoded(at: time.now)
            case .waitForRefresh:
                return Answer(read.view, .checking, true, ifNoneMatch: query.ifNoneMatch).encoded(at: time.now)
            }
        }
    }

    /// One answer: the view's bytes, and what differs from call to call.
    private struct Answer {
        let view: PublishedView
        let source: AnswerSource
        let isRefreshing: Bool
        let prefix: [UInt8]

        init(_ view: PublishedView, _ source: AnswerSource, _ isRefreshing: Bool, ifNoneMatch: String) {
            self.view = view
            self.source = source
            self.isRefreshing = isRefreshing
            let isSame = !ifNoneMatch.isEmpty && ifNoneMatch == view.rendered.envelope.hash
            prefix = isSame ? view.notModified : view.encoded.responsePrefix
        }

        func origin(at now: Moment) -> AnswerOrigin {
            AnswerOrigin(
                source: source,
                age: view.rendered.oldestReadingAt == nil ? nil : view.rendered.age(at: now.instant),
                nextAttemptAt: view.nextAttemptAt, isRefreshing: isRefreshing)
        }

        func encoded(at now: Moment) -> [UInt8] {
            let arena = MessageArena(firstBlockBytes: 512)
            return prefix
                + [UInt8](unsafeUninitializedCapacity: AnswerOrigin.responseSuffixBytesMax) { bytes, count in
                    count = origin(at: now).appendResponseSuffix(to: UnsafeMutableRawBufferPointer(bytes), in: arena)
                }
        }
    }
}

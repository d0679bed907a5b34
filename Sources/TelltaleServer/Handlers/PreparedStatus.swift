import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCTransport

/// A `GetStatus` that has come before, for a reader who takes what is known: while the view is fresh its answer is one
/// copy. The whole response is kept encoded, and made anew when the board changes or the age that it tells has moved on
/// by a millisecond.
final class PreparedStatus: PreparedCall {
    /// The granularity of the age in an answer.
    private static let ageGranularityNanoseconds: Int64 = 1_000_000
    /// A larger answer is not kept here.
    private static let responseBytesMax = 32 << 10

    private let engine: StatusEngine
    private let time: any TimeSource
    private let policy: ReaderPolicy
    private let id: ProjectID
    private let role: Role
    private let ifNoneMatch: String
    private let arena = MessageArena(firstBlockBytes: 512)

    private var entry: BoardEntry?
    private var version: UInt64 = 0
    private var response: [UInt8] = []
    /// The response holds from its making until then, on the scale of `TimeSource.nanoseconds`.
    private var madeAt: Int64 = 0
    private var validUntil: Int64 = 0
    /// The turn of the loop in which it was last found to hold; none yet.
    private var turn = UInt64.max

    /// Nil for a query that asks for more than what is known.
    init?(_ query: GetStatusRequest, role: Role, engine: StatusEngine, time: any TimeSource, policy: ReaderPolicy) {
        guard query.mode == .cached, query.contract == ReadersContract() else { return nil }
        self.engine = engine
        self.time = time
        self.policy = policy
        self.role = role
        id = query.projectID
        ifNoneMatch = query.ifNoneMatch
    }

    func answer(_ reply: Reply) -> Bool {
        // All that one turn of the loop answers is answered at one instant, so the clock is read once for it.
        if reply.turn != turn || entry?.version != version {
            let now = time.nanoseconds
            if now >= validUntil || now < madeAt || entry?.version != version {
                guard make(at: now) else { return false }
            }
            turn = reply.turn
        }
        engine.reads.count(.hit)
        response.withUnsafeBytes { reply.send(encodedResponse: $0) }
        return true
    }

    /// Encodes the answer of this moment; false when it is no plain hit.
    private func make(at nanoseconds: Int64) -> Bool {
        (validUntil, turn) = (0, .max)
        guard let entry = engine.board[id] else { return false }
        self.entry = entry
        version = entry.version
        let now = time.now
        let (view, progress) = entry.view(for: role, at: now)
        let decision = ReaderDecision.decide(
            on: view.rendered, contract: ReadersContract(), mode: .cached, progress: progress, now: now.instant,
            policy: policy)
        // Who asks for a project that was forgotten gets to know it, and that is said on the long way.
        guard decision == .answer(.hit), !engine.isForgotten(entry, at: now.instant) else { return false }
        entry.noteAsked(at: engine.askedAt(now.instant))
        let answer = StatusAnswerBytes(view, .hit, progress.isRunning, ifNoneMatch: ifNoneMatch)
        response = answer.encodedResponse(at: now, in: arena)
        guard response.count <= Self.responseBytesMax else {
            response = []
            return false
        }
        madeAt = nanoseconds
        validUntil = nanoseconds + min(Self.ageGranularityNanoseconds, remaining(view.rendered, now.instant))
        return true
    }

    /// How long the view stays what it is, in nanoseconds.
    private func remaining(_ view: RenderedView, _ now: ContinuousClock.Instant) -> Int64 {
        let ends = [view.validUntil, view.expiresAt, view.refreshDueAt].compactMap { $0 }
        let end = ends.min() ?? view.validUntil
        return max(0, now.duration(to: end).saturatedNanoseconds)
    }
}

import Locks
package import StatusCore
import Synchronization

/// An executor that answers each call by a script, or leaves it open until the test answers it.
package final class ManualExecutor: ActionExecutor {
    package typealias Answer = Result<ActionStep, ActionFailure>
    /// What to answer at once; nil leaves the call open.
    package typealias Script = @Sendable (ActionCall) -> Answer?

    /// One open call.
    package struct Attempt: Sendable {
        package let call: ActionCall
        fileprivate let answers: AsyncStream<Answer>.Continuation

        package func answer(_ answer: Answer) { answers.yield(answer) }
    }

    private struct State {
        var script: Script?
        var looks: [Answer] = []
        var performed: [ActionCall] = []
        var followed: [(handle: String, call: ActionCall)] = []
        var planFailure: ActionFailure?
    }

    package let carrier: OperationCarrier
    private let isSending: Bool
    private let state: Lock<State>
    private let attempts: AsyncStream<Attempt>
    private let arrivals: AsyncStream<Attempt>.Continuation

    package init(isSending: Bool = true, carrier: OperationCarrier = .builtIn, _ script: Script? = nil) {
        self.isSending = isSending
        self.carrier = carrier
        state = Lock(State(script: script))
        (attempts, arrivals) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// What was done so far, once for each upstream call.
    package var performed: [ActionCall] { state.withLock { $0.performed } }
    package var performedCount: Int { performed.count }
    /// The handles that were looked at.
    package var followed: [String] { state.withLock { $0.followed.map(\.handle) } }
    /// What each look was told.
    package var followedCalls: [ActionCall] { state.withLock { $0.followed.map(\.call) } }

    /// Answers the looks that come, one after the other; the last one for ever.
    package func look(_ answers: Answer...) { state.withLock { $0.looks = answers } }

    /// Refuses to plan from now on.
    package func refuse(_ failure: ActionFailure?) { state.withLock { $0.planFailure = failure } }

    /// The next open call in the order they began; nil when the test is cancelled.
    package func next() async -> Attempt? {
        for await attempt in attempts { return attempt }
        return nil
    }

    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan {
        if let failure = state.withLock({ $0.planFailure }) { throw failure }
        return ActionPlan(OperationWords("Does it to acme/shop", generic: "Does it"), isSending: isSending)
    }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        let script = state.withLock { state in
            state.performed.append(call)
            return state.script
        }
        if let answer = script?(call) { return try answer.get() }
        let (answers, answer) = AsyncStream<Answer>.makeStream(bufferingPolicy: .bufferingOldest(1))
        arrivals.yield(Attempt(call: call, answers: answer))
        for await answer in answers { return try answer.get() }
        throw ActionFailure(.unknown, reason: "CANCELLED", OperationWords("Cancelled."), isOutcomeUnknown: isSending)
    }

    package func follow(_ handle: String, _ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        let answer = state.withLock { state -> Answer? in
            state.followed.append((handle, call))
            return state.looks.count > 1 ? state.looks.removeFirst() : state.looks.first
        }
        guard let answer else {
            return .working(handle: handle, OperationWords("Works"), milestones: [], pause: .seconds(2))
        }
        return try answer.get()
    }
}

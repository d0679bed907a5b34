import Locks
package import StatusCore
import StatusModel
import Synchronization

/// A provider whose reads stay open until the test answers them, or that answers each at once by a script. A read that
/// is cancelled ends with a failure, and is counted.
package final class ManualProvider: Provider {
    package typealias Answer = Result<Reading, ProviderFailure>
    /// What to answer at once; nil leaves the read open.
    package typealias Script = @Sendable (ReadRequest) -> Answer?

    /// One open read.
    package struct Attempt: Sendable {
        package let request: ReadRequest
        fileprivate let answers: AsyncStream<Answer>.Continuation

        package func succeed(_ reading: Reading) { answers.yield(.success(reading)) }
        package func fail(_ failure: ProviderFailure) { answers.yield(.failure(failure)) }
    }

    private struct State {
        var script: Script?
        var requests: [ReadRequest] = []
        var cancelledCount = 0
        var openCount = 0
    }

    private let state: Lock<State>
    private let attempts: AsyncStream<Attempt>
    private let arrivals: AsyncStream<Attempt>.Continuation

    package init(_ script: Script? = nil) {
        state = Lock(State(script: script))
        (attempts, arrivals) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// Answers the reads that come from now on.
    package func follow(_ script: Script?) { state.withLock { $0.script = script } }

    /// What was asked so far.
    package var requests: [ReadRequest] { state.withLock { $0.requests } }
    package var readCount: Int { requests.count }
    /// Reads that wait for the test.
    package var openCount: Int { state.withLock { $0.openCount } }
    package var cancelledCount: Int { state.withLock { $0.cancelledCount } }

    /// The next open read in the order they began, once it has begun; nil when the test is cancelled.
    package func next() async -> Attempt? {
        for await attempt in attempts { return attempt }
        return nil
    }

    package func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading {
        let script = state.withLock { state in
            state.requests.append(request)
            return state.script
        }
        if let answer = script?(request) { return try answer.get() }
        let (answers, answer) = AsyncStream<Answer>.makeStream(bufferingPolicy: .bufferingOldest(1))
        state.withLock { $0.openCount += 1 }
        defer { state.withLock { $0.openCount -= 1 } }
        arrivals.yield(Attempt(request: request, answers: answer))
        for await answer in answers { return try answer.get() }
        state.withLock { $0.cancelledCount += 1 }
        throw ProviderFailure(code: .unknown, cause: .host, hint: "Cancelled.", disposition: .keepsLast)
    }
}

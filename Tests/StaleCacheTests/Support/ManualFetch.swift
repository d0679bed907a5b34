import Synchronization

/// A fetch whose attempts stay open until the test answers them. It obeys cancellation.
final class ManualFetch<Value: Sendable>: Sendable {
    struct Attempt: Sendable {
        fileprivate let answer: AsyncStream<Result<Value, any Error>>.Continuation

        func succeed(_ value: Value) { answer.yield(.success(value)) }
        func fail(_ error: any Error) { answer.yield(.failure(error)) }
    }

    private let attempts: AsyncStream<Attempt>
    private let arrivals: AsyncStream<Attempt>.Continuation
    private let begun = Atomic(0)
    private let cancelled = Atomic(0)

    init() {
        (attempts, arrivals) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1_000))
    }

    var attemptCount: Int { begun.load(ordering: .sequentiallyConsistent) }
    var cancelledCount: Int { cancelled.load(ordering: .sequentiallyConsistent) }

    func callAsFunction() async throws -> Value {
        let (answers, answer) = AsyncStream<Result<Value, any Error>>.makeStream(bufferingPolicy: .bufferingOldest(1))
        begun.add(1, ordering: .sequentiallyConsistent)
        arrivals.yield(Attempt(answer: answer))
        for await result in answers { return try result.get() }
        cancelled.add(1, ordering: .sequentiallyConsistent)
        throw CancellationError()
    }

    /// The next attempt in the order they began, once it has begun. For one test task alone.
    func next() async throws -> Attempt {
        for await attempt in attempts { return attempt }
        throw CancellationError()
    }
}

/// Returns once the condition holds, letting other tasks run until then.
func eventually(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
}

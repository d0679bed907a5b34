import Resilience
public import StatusModel

/// An operation as it moves, until it is over: as it stands first, then each time that it has changed.
///
/// A daemon that is away is waited for, at random within 1, 2, 5, 10, 30 and at last 60 s: what was recorded goes on after its
/// restart. The sequence keeps nothing but the newest state, and asks only while its reader waits. It ends behind the
/// operation's end or when the reading task is cancelled, neither of which ends the operation, and throws what no further
/// attempt would better.
public struct OperationUpdates: AsyncSequence, Sendable {
    /// The operation as it stands.
    public typealias Element = Operation
    /// What ends the sequence before the operation's end.
    public typealias Failure = TelltaleError

    let client: TelltaleClient
    let id: String

    /// Begins to follow; nothing is asked before the first element is.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client: client, id: id) }

    /// One reader.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// An answer that came sooner and says nothing new is no long poll's: the next question waits as long.
        private static let pause = Duration.seconds(1)

        let client: TelltaleClient
        let id: String
        private var known: Operation?
        private var failedAttempts = 0
        private var generator = SystemRandomNumberGenerator()

        init(client: TelltaleClient, id: String) {
            self.client = client
            self.id = id
        }

        /// The next state; nil behind the operation's end, and once the task is cancelled.
        public mutating func next() async throws(TelltaleError) -> Operation? {
            if let known, known.state.isOver { return nil }
            while !Task.isCancelled {
                let asked = client.clock.now()
                guard let operation = try await ask() else { continue }
                if operation != known {
                    known = operation
                    return operation
                }
                // A cancelled sleep ends the loop by itself.
                if asked.duration(to: client.clock.now()) < Self.pause {
                    try? await client.clock.sleep(asked + Self.pause)
                }
            }
            return nil
        }

        /// How it stands; nil after a wait for a daemon that may be there again.
        private mutating func ask() async throws(TelltaleError) -> Operation? {
            let query = OperationQuery(
                id: id, wait: known == nil ? .zero : OperationQuery.waitMax, knownVersion: known?.version ?? 0)
            do throws(TelltaleError) {
                let operation = try await client.operation(query)
                failedAttempts = 0
                return operation
            } catch {
                if Task.isCancelled { return nil }
                guard error.isPassing else { throw error }
                failedAttempts += 1
                let wait = WatchSession.backoff.delay(afterAttempt: failedAttempts, using: &generator)
                try? await client.clock.sleep(client.clock.now() + error.requestedDelay + wait)
                return nil
            }
        }

        /// As ``next()``.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(TelltaleError) -> Operation? {
            try await next()
        }
    }
}

extension TelltaleClient {
    /// Follows an operation until it is over.
    ///
    /// ```swift
    /// for try await operation in client.follow(receipt.operation.id) {
    ///     print(operation.state, operation.summary)
    /// }
    /// ```
    ///
    /// - Parameter id: ``StatusModel/Operation/id``.
    /// - Returns: its states; each iterator asks by itself.
    public func follow(_ id: String) -> OperationUpdates { OperationUpdates(client: self, id: id) }
}

extension TelltaleError {
    /// A later attempt may end otherwise.
    fileprivate var isPassing: Bool {
        [.unavailable, .deadlineExceeded, .resourceExhausted, .aborted].contains(code)
    }

    /// What the daemon asks for before the next attempt, within reason.
    fileprivate var requestedDelay: Duration { min(max(retryAfter ?? .zero, .zero), WatchSession.retryAfterMax) }
}

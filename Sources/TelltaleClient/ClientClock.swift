/// The clock by which watches wait, so that a test can drive it by hand.
package struct ClientClock: Sendable {
    package let now: @Sendable () -> ContinuousClock.Instant
    /// Returns at the instant; throws when the task is cancelled.
    package let sleep: @Sendable (_ until: ContinuousClock.Instant) async throws -> Void

    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        sleep: @escaping @Sendable (_ until: ContinuousClock.Instant) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    package static let system = ClientClock(
        now: { .now }, sleep: { try await Task.sleep(until: $0, clock: .continuous) })
}

extension ClientClock {
    /// What the operation gives; nil at the instant, when it is cancelled and its result dropped, or when the task is
    /// cancelled.
    func result<Value: Sendable>(
        before instant: ContinuousClock.Instant, of operation: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await operation() }
            group.addTask {
                // Cancelled as soon as the operation has given its result.
                try? await sleep(instant)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

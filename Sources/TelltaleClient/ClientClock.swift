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

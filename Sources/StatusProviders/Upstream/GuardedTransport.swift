package import HTTPClient
import Locks
package import Resilience
package import StatusCore
import Synchronization

/// Sends requests through another transport, unless their place keeps failing: then it answers `held` at once, without
/// a request, until the place's breaker lets a probe through.
///
/// Each provider has a guard of its own, whatever hosts its API is reached at: what one project has learnt of a host
/// spares all others, and nothing is held for the fault of another provider behind the same gateway. A redirect counts
/// for the place that the request went to.
///
/// While a probe is under way, others wait for its end, each within its own time: an adapter sends several requests side
/// by side, and would else have one of them answered and the others held.
package final class GuardedTransport: HTTPTransport {
    package typealias Transition = CircuitBreakerTable<GuardedPlace>.Transition

    /// Requests that wait for one place's probe; one more is held at once.
    private static let waitsMax = 256
    /// Places whose newest failure is remembered; beyond it all of them are forgotten, and count anew.
    private static let failedMax = 4096

    struct State {
        var breakers: CircuitBreakerTable<GuardedPlace>
        /// When a place's newest failure was counted.
        var failedAt: [GuardedPlace: ContinuousClock.Instant] = [:]
        /// Who waits for the end of a place's probe.
        var waits: [GuardedPlace: [ProbeWait]] = [:]
        var generator: any RandomNumberGenerator & Sendable

        /// Requests that were under way when a failure was counted, and fail as well, tell the same news: an adapter
        /// sends several side by side, and one bad moment is not five.
        mutating func counted(
            _ outcome: CircuitBreaker.Outcome, of place: GuardedPlace, since start: ContinuousClock.Instant,
            at now: ContinuousClock.Instant
        ) -> CircuitBreaker.Outcome {
            guard outcome == .failure else { return outcome }
            if let failedAt = failedAt[place], start < failedAt { return .neutral }
            if failedAt.count >= GuardedTransport.failedMax { failedAt = [:] }
            failedAt[place] = now
            return outcome
        }
    }

    private let transport: any HTTPTransport
    let kind: GuardedPlace.Kind
    private let slowAfter: Duration
    let time: any TimeSource
    private let onTransition: @Sendable (Transition) -> Void
    let state: Lock<State>

    /// - Parameters:
    ///   - transport: Sends what is let through.
    ///   - kind: Whom it stands before.
    ///   - policy: When a breaker opens and closes.
    ///   - time: Its monotonic clock measures calls and waits.
    ///   - generator: Draws the jitter.
    ///   - placesMax: The most breakers held, as ``CircuitBreakerTable`` bounds them.
    ///   - onTransition: Called after each change of a breaker, by whoever caused it, with what must be kept of the breaker from
    ///     then on; must not block.
    package init(
        _ transport: any HTTPTransport, kind: GuardedPlace.Kind = .provider,
        policy: BreakerPolicy = BreakerPolicy(), time: any TimeSource,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(), placesMax: Int = 4096,
        onTransition: @escaping @Sendable (Transition) -> Void = { _ in }
    ) {
        self.transport = transport
        self.kind = kind
        slowAfter = policy.slowAfter
        self.time = time
        self.onTransition = onTransition
        state = Lock(
            State(breakers: CircuitBreakerTable(policy: policy, keysMax: placesMax), generator: generator))
    }

    /// How it stands with a place at this moment; closed when nothing was ever sent there.
    package func state(of place: GuardedPlace) -> CircuitBreaker.State {
        state.withLock { $0.breakers.state(of: place) }
    }

    /// - Throws: What the transport throws, or `held` when no request was made.
    package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        // What is no URL the transport refuses by itself, with a reason.
        guard let place = GuardedPlace(request.url, of: kind) else { return try await transport.send(request) }
        let start = time.now.instant
        let ticket = try await admission(to: place, by: start.advanced(by: request.totalTimeout))
        let sent = time.now.instant
        var request = request
        request.totalTimeout -= start.duration(to: sent)
        do throws(HTTPClientError) {
            let response = try await transport.send(request)
            record(CallVerdict.of(status: response.status, from: kind), of: place, ticket, since: sent)
            return response
        } catch {
            let elapsed = sent.duration(to: time.now.instant)
            let verdict = CallVerdict.of(
                error, elapsed: elapsed, totalTimeout: request.totalTimeout, from: kind)
            // Nobody knows how long it would have taken: one that was cut off counts as slow, however soon.
            record(
                verdict, of: place, ticket, since: sent, isCutOff: error.kind == .timeout || error.kind == .cancelled)
            throw error
        }
    }

    /// Waits for a probe's end as often as one is under way, until the place is open or shut.
    private func admission(
        to place: GuardedPlace, by deadline: ContinuousClock.Instant
    ) async throws(HTTPClientError) -> CircuitBreaker.Ticket {
        while true {
            let wait = ProbeWait()
            let (admission, isWaiting) = admit(place, wait, at: time.now.instant)
            switch admission {
            case .pass(let ticket): return ticket
            case .refused(let until):
                guard isWaiting, time.now.instant < deadline, !Task.isCancelled else {
                    throw HTTPClientError(
                        kind: .held(until: until),
                        detail: "\(place.origin.host) keeps failing and is left alone for a while.")
                }
                await end(of: wait, by: deadline)
            }
        }
    }

    private func admit(
        _ place: GuardedPlace, _ wait: ProbeWait, at now: ContinuousClock.Instant
    ) -> (CircuitBreaker.Admission, isWaiting: Bool) {
        let (admission, transition, isWaiting) = state.withLock { state in
            let (admission, transition) = state.breakers.admit(place, at: now)
            var isWaiting = false
            if case .refused = admission, state.breakers.state(of: place) == .halfOpen,
                state.waits[place, default: []].count < Self.waitsMax
            {
                state.waits[place, default: []].append(wait)
                isWaiting = true
            }
            return (admission, transition, isWaiting)
        }
        if let transition { onTransition(transition) }
        return (admission, isWaiting)
    }

    private func end(of wait: ProbeWait, by deadline: ContinuousClock.Instant) async {
        await withTaskGroup { group in
            group.addTask { await wait.outcome() }
            group.addTask { [time] in try? await time.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }

    private func record(
        _ outcome: CircuitBreaker.Outcome, of place: GuardedPlace, _ ticket: CircuitBreaker.Ticket,
        since start: ContinuousClock.Instant, isCutOff: Bool = false
    ) {
        let now = time.now.instant
        let elapsed = start.duration(to: now)
        let took = isCutOff ? max(elapsed, slowAfter + .milliseconds(1)) : elapsed
        let (transition, waits) = state.withLock { state in
            let transition = state.breakers.record(
                state.counted(outcome, of: place, since: start, at: now), of: place, took: took, ticket: ticket,
                at: now, using: &state.generator)
            return (transition, state.waits.removeValue(forKey: place) ?? [])
        }
        if let transition { onTransition(transition) }
        for wait in waits { wait.end() }
    }
}

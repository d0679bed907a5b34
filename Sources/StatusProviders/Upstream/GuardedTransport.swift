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
package final class GuardedTransport: HTTPTransport {
    package typealias Transition = CircuitBreakerTable<GuardedPlace>.Transition

    private struct State {
        var breakers: CircuitBreakerTable<GuardedPlace>
        var generator: any RandomNumberGenerator & Sendable
    }

    private let transport: any HTTPTransport
    private let granularity: GuardedPlace.Granularity
    private let time: any TimeSource
    private let onTransition: @Sendable (Transition) -> Void
    private let state: Lock<State>

    /// - Parameters:
    ///   - transport: Sends what is let through.
    ///   - granularity: What has a breaker of its own.
    ///   - policy: When a breaker opens and closes.
    ///   - time: Its monotonic clock measures calls and waits.
    ///   - generator: Draws the jitter.
    ///   - placesMax: The most breakers held, as ``CircuitBreakerTable`` bounds them.
    ///   - onTransition: Called after each change of a breaker, by whoever caused it; must not block.
    package init(
        _ transport: any HTTPTransport, granularity: GuardedPlace.Granularity = .origin,
        policy: BreakerPolicy = BreakerPolicy(), time: any TimeSource,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(), placesMax: Int = 4096,
        onTransition: @escaping @Sendable (Transition) -> Void = { _ in }
    ) {
        self.transport = transport
        self.granularity = granularity
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
        guard let place = GuardedPlace(request.url, granularity) else { return try await transport.send(request) }
        let start = time.now.instant
        let ticket = try admit(place, at: start)
        do throws(HTTPClientError) {
            let response = try await transport.send(request)
            record(CallVerdict.of(status: response.status), of: place, ticket, since: start)
            return response
        } catch {
            let elapsed = start.duration(to: time.now.instant)
            let verdict = CallVerdict.of(error, elapsed: elapsed, totalTimeout: request.totalTimeout)
            record(verdict, of: place, ticket, since: start)
            throw error
        }
    }

    private func admit(
        _ place: GuardedPlace, at now: ContinuousClock.Instant
    ) throws(HTTPClientError) -> CircuitBreaker.Ticket {
        let (admission, transition) = state.withLock { $0.breakers.admit(place, at: now) }
        if let transition { onTransition(transition) }
        switch admission {
        case .pass(let ticket): return ticket
        case .refused(let until):
            throw HTTPClientError(
                kind: .held(until: until), detail: "\(place.origin.host) keeps failing and is left alone for a while.")
        }
    }

    private func record(
        _ outcome: CircuitBreaker.Outcome, of place: GuardedPlace, _ ticket: CircuitBreaker.Ticket,
        since start: ContinuousClock.Instant
    ) {
        let now = time.now.instant
        let transition = state.withLock { state in
            state.breakers.record(
                outcome, of: place, took: start.duration(to: now), ticket: ticket, at: now, using: &state.generator)
        }
        if let transition { onTransition(transition) }
    }
}

package import HTTPClient
import Locks
package import Resilience
package import StatusCore
import Synchronization

/// Sends requests through another transport, unless their origin keeps failing: then it answers `held` at once, without
/// a request, until the origin's breaker lets a probe through.
///
/// The guard belongs around the transport that all adapters share, so that what one of them has learnt of a host spares
/// the others. A redirect counts for the origin that the request went to.
package final class GuardedTransport: HTTPTransport {
    package typealias Transition = CircuitBreakerTable<HTTPOrigin>.Transition

    private struct State {
        var breakers: CircuitBreakerTable<HTTPOrigin>
        var generator: any RandomNumberGenerator & Sendable
    }

    private let transport: any HTTPTransport
    private let time: any TimeSource
    private let onTransition: @Sendable (Transition) -> Void
    private let state: Lock<State>

    /// - Parameters:
    ///   - transport: Sends what is let through.
    ///   - policy: When a breaker opens and closes.
    ///   - time: Its monotonic clock measures calls and waits.
    ///   - generator: Draws the jitter.
    ///   - originsMax: The most breakers held, as ``CircuitBreakerTable`` bounds them.
    ///   - onTransition: Called after each change of a breaker, by whoever caused it; must not block.
    package init(
        _ transport: any HTTPTransport, policy: BreakerPolicy = BreakerPolicy(), time: any TimeSource,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(), originsMax: Int = 4096,
        onTransition: @escaping @Sendable (Transition) -> Void = { _ in }
    ) {
        self.transport = transport
        self.time = time
        self.onTransition = onTransition
        state = Lock(
            State(breakers: CircuitBreakerTable(policy: policy, keysMax: originsMax), generator: generator))
    }

    /// How it stands with an origin at this moment; closed when nothing was ever sent there.
    package func state(of origin: HTTPOrigin) -> CircuitBreaker.State {
        state.withLock { $0.breakers.state(of: origin) }
    }

    /// - Throws: What the transport throws, or `held` when no request was made.
    package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        // What is no URL the transport refuses by itself, with a reason.
        guard let origin = HTTPOrigin(request.url) else { return try await transport.send(request) }
        let start = time.now.instant
        let ticket = try admit(origin, at: start)
        do throws(HTTPClientError) {
            let response = try await transport.send(request)
            record(CallVerdict.of(status: response.status), of: origin, ticket, since: start)
            return response
        } catch {
            let elapsed = start.duration(to: time.now.instant)
            let verdict = CallVerdict.of(error, elapsed: elapsed, totalTimeout: request.totalTimeout)
            record(verdict, of: origin, ticket, since: start)
            throw error
        }
    }

    private func admit(
        _ origin: HTTPOrigin, at now: ContinuousClock.Instant
    ) throws(HTTPClientError) -> CircuitBreaker.Ticket {
        let (admission, transition) = state.withLock { $0.breakers.admit(origin, at: now) }
        if let transition { onTransition(transition) }
        switch admission {
        case .pass(let ticket): return ticket
        case .refused(let until):
            throw HTTPClientError(
                kind: .held(until: until), detail: "\(origin.host) keeps failing and is left alone for a while.")
        }
    }

    private func record(
        _ outcome: CircuitBreaker.Outcome, of origin: HTTPOrigin, _ ticket: CircuitBreaker.Ticket,
        since start: ContinuousClock.Instant
    ) {
        let now = time.now.instant
        let transition = state.withLock { state in
            state.breakers.record(
                outcome, of: origin, took: start.duration(to: now), ticket: ticket, at: now, using: &state.generator)
        }
        if let transition { onTransition(transition) }
    }
}

package import HTTPClient
package import StatusCore
import StatusModel

/// Reads how an HTTP worker is (SPEC §4, providers.md §6).
///
/// What to ask next is ``ServiceCheck``'s to decide, and what came of it ``ServiceClassifier``'s; this sends and waits.
package struct ServiceProvider: Provider {
    /// The verdict is out so long before the read's deadline, at which the engine would cut it off.
    package static let deadlineMargin = Duration.milliseconds(100)

    private let transport: any HTTPTransport
    private let time: any TimeSource
    private let digest: DigestFunction
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - time: Tells what is left of a read, and waits between its requests.
    ///   - digest: One-way; ties what is remembered to the address without holding it.
    ///   - userAgent: Whom the service shall see.
    package init(
        transport: any HTTPTransport, time: any TimeSource, digest: @escaping DigestFunction,
        userAgent: String = "telltale"
    ) {
        self.transport = transport
        self.time = time
        self.digest = digest
        self.userAgent = userAgent
    }

    package func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading {
        guard case .service(let target) = request.link.target else { throw Self.foreignLink }
        let requests = try ServiceRequests(
            target: target, names: request.link.namedCredentials.keys, secrets: request.namedSecrets,
            userAgent: userAgent)
        let expectations = try ServiceExpectations(target)
        let history = ServiceHistory(
            request.previous, validator: requests.validator(digest), now: request.now.wall)
        let deadline = request.deadline.advanced(by: .zero - Self.deadlineMargin)
        let outcome = await perform(ServiceCheck(target, expectations: expectations), requests, target, by: deadline)
        let verdict = try ServiceClassifier.verdict(
            on: outcome, of: target, expectations: expectations, history: history, now: request.now)
        return verdict.reading(of: target, after: outcome, history: history, at: request.now)
    }

    private func perform(
        _ check: ServiceCheck, _ requests: ServiceRequests, _ target: ServiceTarget,
        by deadline: ContinuousClock.Instant
    ) async -> ServiceOutcome {
        var check = check
        var step = check.start()
        while true {
            switch step {
            case .ping(let timeout):
                step = await send(requests.ping(timeout: timeout), target, &check, by: deadline)
            case .check(let timeout):
                step = await send(requests.check(timeout: timeout), target, &check, by: deadline)
            case .pause(let duration):
                // A read that is cancelled meanwhile ends with the next request, which is then cancelled at once.
                try? await time.sleep(until: time.now.instant.advanced(by: duration))
                step = check.paused()
            case .finished(let outcome):
                return outcome
            }
        }
    }

    private func send(
        _ request: HTTPRequest, _ target: ServiceTarget, _ check: inout ServiceCheck,
        by deadline: ContinuousClock.Instant
    ) async -> ServiceCheck.Step {
        var exchange = ProviderExchange(
            transport: transport, provider: target.name, now: time.now, deadline: deadline)
        let result = await exchange.attempt(request)
        let now = time.now
        return check.received(result, timeLeft: now.instant.duration(to: deadline), now: now.wall)
    }

    private static let foreignLink = ProviderFailure(
        code: .misconfigured, cause: .host, hint: "The link is not one to a service; correct the configuration.",
        disposition: .replaces)
}

package import HTTPClient
package import StatusCore
import StatusModel

/// Carries out what can be done to a service (SPEC §7): wake it, and look closely whether it is well.
///
/// All of it only asks, so that it may be begun again. What the answers mean is decided elsewhere: ``ServiceRun`` for
/// runs, ``ServiceClassifier`` for each check.
package struct ServiceActions: ActionExecutor {
    /// Time for one request that wakes a service: many hold it back until they are up.
    package static let wakeTimeout = Duration.seconds(10)
    /// Between two of them.
    package static let wakePause = Duration.seconds(2)

    private let transport: any HTTPTransport
    private let time: any TimeSource
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - time: Tells what is left of the action's time, and waits between requests.
    ///   - userAgent: Whom the service shall see.
    package init(transport: any HTTPTransport, time: any TimeSource, userAgent: String = "telltale") {
        self.transport = transport
        self.time = time
        self.userAgent = userAgent
    }

    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan {
        let target = try Self.target(of: call).target
        _ = try ActionPayload(call.payload, taking: [])
        switch call.action {
        case .wake: return ActionPlan(OperationWords("Wakes \(target.name)"), isSending: false)
        case .runSmokeTests: return ActionPlan(OperationWords("Checks \(target.name) once"), isSending: false)
        case .runDiagnostics:
            return ActionPlan(
                OperationWords("Wakes \(target.name) and checks it \(ServiceRun.diagnosticsChecks) times"),
                isSending: false)
        default: throw .foreign("a service")
        }
    }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        _ = try plan(call)
        let (link, target) = try Self.target(of: call)
        let requests: ServiceRequests
        let expectations: ServiceExpectations
        do throws(ProviderFailure) {
            requests = try ServiceRequests(
                target: target, names: link.namedCredentials.keys, secrets: call.namedSecrets, userAgent: userAgent)
            expectations = try ServiceExpectations(target)
        } catch {
            throw ActionFailure(error)
        }
        switch call.action {
        case .wake: return try await wake(target, requests, call)
        case .runSmokeTests: return await run(.smokeTests, target, requests, expectations, call)
        default: return await run(.diagnostics, target, requests, expectations, call)
        }
    }

    private static func target(of call: ActionCall) throws(ActionFailure) -> (link: Link, target: ServiceTarget) {
        guard let link = call.link, case .service(let target) = link.target else { throw .foreign("a service") }
        return (link, target)
    }

    /// Asks until somebody answers who is awake, whatever the answer.
    private func wake(
        _ target: ServiceTarget, _ requests: ServiceRequests, _ call: ActionCall
    ) async throws(ActionFailure) -> ActionStep {
        var attempts = 0
        while true {
            attempts += 1
            let result = await send(requests.ping(timeout: Self.wakeTimeout), target, call)
            let counted = "\(attempts) \(attempts == 1 ? "attempt" : "attempts")"
            switch result {
            case .success(let response) where ServiceRun.isAwake(response):
                let json = JSONValue.object([
                    "attempts": .integer(Int64(attempts)), "status": .integer(Int64(response.status)),
                ])
                return .done(ActionResult(OperationWords("Awake after \(counted)"), json: json.bytes ?? []))
            case .failure(let error) where !Self.mayWake(error):
                throw ActionFailure(TransportFailure.classify(error, provider: target.name, now: time.now))
            case .success, .failure: break
            }
            let next = time.now.instant.advanced(by: Self.wakePause)
            guard next < Self.end(of: call), !Task.isCancelled else {
                throw ActionFailure(
                    .deadlineExceeded, reason: "NOT_AWAKE",
                    OperationWords("\(target.name) did not wake up in time, after \(counted); see its platform's log."))
            }
            // Cancelled meanwhile, the next request ends at once and the wait after it here.
            try? await time.sleep(until: next)
        }
    }

    /// It has its say before the engine ends the call for good.
    private static func end(of call: ActionCall) -> ContinuousClock.Instant {
        call.deadline.advanced(by: .zero - ProviderExchange.deadlineMargin)
    }

    /// Whether asking again can help: a name that does not resolve, or an address that must not be asked, wakes nobody.
    private static func mayWake(_ error: HTTPClientError) -> Bool {
        switch error.kind {
        case .timeout, .connect, .reset, .malformedResponse, .tls(.handshake), .held, .overloaded, .cancelled: true
        case .dns, .tls, .bodyTooLarge, .redirectRefused, .invalidRequest, .addressRefused, .other: false
        }
    }

    private func run(
        _ kind: RunKind, _ target: ServiceTarget, _ requests: ServiceRequests, _ expectations: ServiceExpectations,
        _ call: ActionCall
    ) async -> ActionStep {
        var run = ServiceRun(kind, target, expectations: expectations)
        if kind == .diagnostics {
            run.note(warmUp: await send(requests.ping(timeout: Self.wakeTimeout), target, call), now: time.now)
        }
        for _ in 0..<run.checks {
            run.note(check: await send(requests.check(timeout: target.timeout), target, call), now: time.now)
        }
        return .done(run.result(of: call, endedAt: time.now.wall))
    }

    private func send(
        _ request: HTTPRequest, _ target: ServiceTarget, _ call: ActionCall
    ) async -> Result<HTTPResponse, HTTPClientError> {
        var exchange = ProviderExchange(
            transport: transport, provider: target.name, now: time.now, deadline: Self.end(of: call),
            totalTimeout: max(Self.wakeTimeout, target.timeout))
        return await exchange.attempt(request)
    }
}

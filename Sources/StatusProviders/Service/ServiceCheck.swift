package import HTTPClient
package import StatusCore
package import StatusModel

/// What came of one read of a service.
package enum ServiceOutcome: Sendable {
    /// The check was answered; `isColdStart` when it came to life only within this read.
    case answered(HTTPResponse, isColdStart: Bool)
    /// Nothing but signs of a service that is not up, at every attempt.
    case lifeless(ServiceSilence)
    /// No answer, for a reason that waking does not mend.
    case failed(HTTPClientError)
}

/// How a service that gave no sign of life was silent.
package struct ServiceSilence: Hashable, Sendable {
    /// What stood in its place at last: 408, 502, 503 or 504; nil when nothing came in time.
    package var status: Int?
    /// Whether its platform said that it is unavailable (503) at any attempt.
    package var isDeclared: Bool
    /// When its platform wants to be asked again, if it said so.
    package var retryAfter: UnixTime?

    package init(status: Int?, isDeclared: Bool = false, retryAfter: UnixTime? = nil) {
        self.status = status
        self.isDeclared = isDeclared
        self.retryAfter = retryAfter
    }
}

/// Decides what one read of a service does next: wake it, try again, check it (SPEC §4).
///
/// The ping has a short time, and 408, 502, 503, 504 or silence to it mean that the service may be waking: one more
/// follows before the check itself. Anything else means that somebody is awake, and only the check judges. A service
/// without an address for waking whose check may safely be repeated (GET, HEAD) is pinged by the check itself, so that
/// a service which is up costs one request. A check by POST is sent once, and a bare GET goes before it.
///
/// At most ``attemptsMax`` requests, all of them within the time left of the read; an instant that `Retry-After` names is
/// waited for to the second, or the read ends there. A value: it is fed outcomes and the time left, and performs nothing.
package struct ServiceCheck: Sendable {
    package enum Step: Sendable {
        /// Ask the waking address, and take no longer.
        case ping(timeout: Duration)
        /// Ask the check's address.
        case check(timeout: Duration)
        /// Do nothing for so long.
        case pause(Duration)
        case finished(ServiceOutcome)
    }

    /// Requests of one read, pings included.
    package static let attemptsMax = 3
    /// Pings before the check is tried whatever they said.
    package static let pingsMax = 2
    /// Between an answer that says "not up" and the next request.
    package static let pauseBetween = Duration.milliseconds(250)
    /// Less time than this is not worth a request.
    package static let attemptTimeMin = Duration.milliseconds(50)

    private enum Stage {
        case waking, checking
    }

    private let timeout: Duration
    private let warmUpTimeout: Duration
    private let isRepeatable: Bool
    private let expectations: ServiceExpectations
    private var stage: Stage
    private var attempts = 0
    private var silence: ServiceSilence?

    package init(_ target: ServiceTarget, expectations: ServiceExpectations) {
        timeout = target.timeout
        warmUpTimeout = min(target.warmUpTimeout, target.timeout)
        isRepeatable = target.method != "POST"
        self.expectations = expectations
        stage = target.warmUpURL == nil && isRepeatable ? .checking : .waking
    }

    /// The first step.
    package func start() -> Step { attempt() }

    /// The step after a request.
    ///
    /// - Parameters:
    ///   - result: What came of it.
    ///   - timeLeft: Until the read must be over.
    ///   - now: The wall clock, for dates.
    /// - Returns: What to do next.
    package mutating func received(
        _ result: Result<HTTPResponse, HTTPClientError>, timeLeft: Duration, now: UnixTime
    ) -> Step {
        attempts += 1
        if let sign = silence(in: result, now: now) {
            let isDeclared = sign.isDeclared || silence?.isDeclared == true
            silence = ServiceSilence(status: sign.status, isDeclared: isDeclared, retryAfter: sign.retryAfter)
            return afterSilence(timeLeft: timeLeft, now: now)
        }
        switch (stage, result) {
        case (.waking, .success(let response)) where response.status == 429:
            return .finished(.answered(response, isColdStart: false))
        case (.waking, _):
            stage = .checking
            return attempt()
        case (.checking, .success(let response)):
            return .finished(.answered(response, isColdStart: isColdStart(response)))
        case (.checking, .failure(let error)):
            return .finished(.failed(error))
        }
    }

    /// The step after a pause.
    package func paused() -> Step { attempt() }

    private func attempt() -> Step {
        switch stage {
        case .waking: .ping(timeout: warmUpTimeout)
        case .checking where attempts == 0: .check(timeout: warmUpTimeout)
        case .checking: .check(timeout: timeout)
        }
    }

    private mutating func afterSilence(timeLeft: Duration, now: UnixTime) -> Step {
        guard let silence else { return attempt() }
        let mayRepeat = stage == .waking || isRepeatable
        let pause = silence.pause(now: now)
        guard attempts < Self.attemptsMax, mayRepeat, timeLeft - pause >= Self.attemptTimeMin else {
            return .finished(.lifeless(silence))
        }
        if stage == .waking, attempts >= Self.pingsMax { stage = .checking }
        return pause > .zero ? .pause(pause) : attempt()
    }

    /// The sign of a service that is not up: a word of its platform, or silence. Nil for every other outcome; a status
    /// that the check expects is none.
    private func silence(in result: Result<HTTPResponse, HTTPClientError>, now: UnixTime) -> ServiceSilence? {
        switch result {
        case .success(let response):
            guard [408, 502, 503, 504].contains(response.status),
                stage == .waking || !expectations.expects(status: response.status),
                // A service that says itself how it is, as many do with a 503, is up.
                ServiceSelfReport(response) == nil
            else { return nil }
            return ServiceSilence(
                status: response.status, isDeclared: response.status == 503,
                retryAfter: RetryAfter.instant(in: response.headers, now: now))
        case .failure(let error):
            return error.kind == .timeout ? ServiceSilence(status: nil) : nil
        }
    }

    /// Whether it woke within this read. One that takes as long again to answer as the ping had time is not cold but
    /// slow, unless something else answered in its place before.
    private func isColdStart(_ response: HTTPResponse) -> Bool {
        guard let silence else { return false }
        return silence.status != nil || silence.isDeclared || response.latency < warmUpTimeout
    }
}

extension ServiceSilence {
    /// How long to wait before the next request. Time that ran out was waited already.
    fileprivate func pause(now: UnixTime) -> Duration {
        guard status != nil else { return .zero }
        return max(ServiceCheck.pauseBetween, retryAfter?.since(now) ?? .zero)
    }
}

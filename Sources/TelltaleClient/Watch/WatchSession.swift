package import Resilience
package import StatusModel

/// What a watch does next, as a value: when it connects, where it resumes, how long it waits, when it gives up watching
/// and polls. It reads no clock and no socket (SPEC §6).
package struct WatchSession: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// What the shell has to do.
    package enum Action: Hashable, Sendable {
        /// Connect, and open the stream; then report ``opened(at:)`` or ``failed(_:at:using:)``.
        case open(resumeAfter: EventID?)
        /// Wait for the next message until the instant; then report ``received(_:at:using:)``, ``silent(at:using:)`` or
        /// ``failed(_:at:using:)``.
        case receive(until: Instant)
        /// Wait; then report ``waited()``.
        case wait(until: Instant)
        /// Read every project once; then report ``polled(at:)`` or ``failed(_:at:using:)``.
        case poll
        /// The watch is over.
        case finish(TelltaleError)
    }

    private enum Phase: Hashable {
        case opening
        /// `isConfirmed` once a message has come: until then the daemon may still refuse.
        case streaming(since: Instant, heardAt: Instant, isConfirmed: Bool)
        case waiting(until: Instant, then: AfterWait)
        case polling
        case finished(TelltaleError)
    }

    private enum AfterWait: Hashable { case open, poll }

    /// The ceilings of the waits between attempts; each wait is drawn between nothing and its ceiling.
    package static let backoff = Backoff(
        steps: [.seconds(1), .seconds(2), .seconds(5), .seconds(10), .seconds(30), .seconds(60)])
    /// How often an idle daemon is asked to say that it lives. Its own 15 s would leave a resumed watch in doubt for
    /// as long.
    package static let heartbeatInterval = Duration.seconds(5)
    /// Three heartbeats missed: the daemon hangs.
    package static let silenceMax = Duration.seconds(15)
    /// A connection that lived this long was a good one: the next attempt is a first one again.
    package static let steadyAfter = Duration.seconds(15)
    /// How often is asked where watching is refused.
    package static let pollInterval = Duration.seconds(15)
    /// Every so many rounds of polling, watching is tried again.
    package static let pollsPerAttempt = 4
    /// No daemon is waited for longer than this, whatever it asks.
    package static let retryAfterMax = Duration.seconds(300)

    private var phase = Phase.opening
    private var progress: WatchProgress
    private var failedAttempts = 0
    private var isPolling = false
    private var pollsUntilAttempt = 0

    /// - Parameters:
    ///   - projects: The projects that are watched; none for all.
    ///   - resumeAfter: Where the caller stands; nil to begin with snapshots.
    package init(projects: [ProjectID], resumeAfter: EventID?) {
        progress = WatchProgress(projects: projects, position: resumeAfter)
    }

    /// Where to resume; nil to begin with snapshots.
    package var position: EventID? { progress.position }

    package var action: Action {
        switch phase {
        case .opening: .open(resumeAfter: position)
        case .streaming(_, let heardAt, _): .receive(until: heardAt + Self.silenceMax)
        case .waiting(let until, _): .wait(until: until)
        case .polling: .poll
        case .finished(let error): .finish(error)
        }
    }

    /// The stream's request is on its way.
    package mutating func opened(at now: Instant) {
        progress.opened()
        phase = .streaming(since: now, heardAt: now, isConfirmed: false)
    }

    /// The reader asks for more, or a message came that says nothing to this client: whoever was silent until now was not
    /// listened to, or was not silent.
    package mutating func listened(at now: Instant) {
        guard case .streaming(let since, _, let isConfirmed) = phase else { return }
        phase = .streaming(since: since, heardAt: now, isConfirmed: isConfirmed)
    }

    /// A message came.
    ///
    /// - Returns: what the reader is told of it, in order; at most three updates.
    package mutating func received(
        _ message: WatchMessage, at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [StatusUpdate] {
        guard case .streaming(let since, _, let isConfirmed) = phase else { return [] }
        phase = .streaming(since: since, heardAt: now, isConfirmed: true)
        isPolling = false
        let first: [StatusUpdate] = isConfirmed ? [] : [.connection(.connected)]
        let news = first + progress.take(message)
        guard case .goingAway(_, let retryAfter, let reason) = message else { return news }
        failedAttempts = 0
        return news + [reconnect(after: .goingAway(reason), notBefore: retryAfter, at: now, using: &generator)]
    }

    /// Nothing came until the instant that ``Action/receive(until:)`` named.
    package mutating func silent(
        at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> StatusUpdate? {
        failed(.silent, at: now, using: &generator)
    }

    /// What was under way failed, or the daemon ended the stream.
    ///
    /// - Returns: what the reader is told of it.
    package mutating func failed(
        _ error: TelltaleError, at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> StatusUpdate? {
        switch phase {
        case .waiting, .finished: return nil
        case .polling:
            let isForGood = error.isFinal || error.isRefusal && error.code != .resourceExhausted
            if isForGood { return finish(error) }
        case .streaming(let since, _, true):
            if since.duration(to: now) >= Self.steadyAfter { failedAttempts = 0 }
            fallthrough
        case .opening, .streaming:
            if error.isFinal { return finish(error) }
            if error.isRefusal, !isConfirmed { return poll(because: error) }
        }
        isPolling = false
        return reconnect(after: error, notBefore: error.retryAfter ?? .zero, at: now, using: &generator)
    }

    /// The wait is over.
    package mutating func waited() {
        guard case .waiting(_, let next) = phase else { return }
        switch next {
        case .open: phase = .opening
        case .poll: phase = .polling
        }
    }

    /// Every project was read.
    package mutating func polled(at now: Instant) {
        guard case .polling = phase else { return }
        pollsUntilAttempt -= 1
        phase = .waiting(until: now + Self.pollInterval, then: pollsUntilAttempt > 0 ? .poll : .open)
    }

    private var isConfirmed: Bool {
        if case .streaming(_, _, true) = phase { true } else { false }
    }

    private mutating func finish(_ error: TelltaleError) -> StatusUpdate? {
        phase = .finished(error)
        return nil
    }

    private mutating func poll(because error: TelltaleError) -> StatusUpdate? {
        defer { isPolling = true }
        failedAttempts = 0
        pollsUntilAttempt = Self.pollsPerAttempt
        phase = .polling
        return isPolling ? nil : .connection(.polling(because: error))
    }

    private mutating func reconnect(
        after error: TelltaleError, notBefore delay: Duration, at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> StatusUpdate {
        failedAttempts += 1
        let wait = Self.backoff.delay(afterAttempt: failedAttempts, using: &generator)
        // On top of what the daemon asks for, so that those whom it sent away do not come back together.
        let until = now + min(max(delay, .zero), Self.retryAfterMax) + wait
        phase = .waiting(until: until, then: .open)
        return .connection(.reconnecting(attempt: failedAttempts, until: until, after: error))
    }
}

extension TelltaleError {
    /// Watching is refused, now or altogether; reading may not be.
    fileprivate var isRefusal: Bool {
        [.unimplemented, .resourceExhausted, .permissionDenied].contains(code)
    }

    /// No later attempt ends otherwise: what is asked is wrong.
    fileprivate var isFinal: Bool {
        [.invalidArgument, .notFound, .outOfRange, .failedPrecondition, .unauthenticated].contains(code)
    }
}

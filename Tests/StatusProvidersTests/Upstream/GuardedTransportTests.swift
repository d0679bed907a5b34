import HTTPClient
import Locks
import Resilience
import StatusCore
import StatusProviders
import Synchronization
import TestSupport
import Testing

/// A guard around a scripted transport, whose requests take what they are told to by a clock driven by hand.
private final class GuardRig: HTTPTransport {
    let time = ManualTime()
    let script: ScriptedTransport
    private let took = Lock(Duration.zero)
    private let noted = Lock<[GuardedTransport.Transition]>([])

    init(_ step: ScriptedTransport.Step) { script = ScriptedTransport(["/": [step]]) }

    var transitions: [GuardedTransport.Transition] { noted.withLock(\.self) }

    func answer(_ step: ScriptedTransport.Step, after duration: Duration = .zero) {
        took.withLock { $0 = duration }
        script.script("/", step)
    }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        time.advance(by: took.withLock(\.self))
        return try await script.send(request)
    }

    func guarded(placesMax: Int = 4096) -> GuardedTransport {
        GuardedTransport(
            self, time: time, generator: SeededGenerator(seed: 22), placesMax: placesMax,
            onTransition: { [self] transition in noted.withLock { $0.append(transition) } })
    }
}

@Suite("The guarded transport", .timeLimit(.minutes(1)))
struct GuardedTransportTests {
    /// Calls once, and gives the status or the kind of silence.
    @discardableResult
    private func call(
        _ transport: GuardedTransport, _ url: String = "https://api.example.com/",
        within timeout: Duration = .seconds(2.5)
    ) async -> Result<Int, HTTPClientError> {
        do throws(HTTPClientError) {
            return .success(try await transport.send(HTTPRequest(url: url, totalTimeout: timeout)).status)
        } catch {
            return .failure(error)
        }
    }

    private func state(_ transport: GuardedTransport) throws -> CircuitBreaker.State {
        transport.state(of: GuardedPlace(try #require(HTTPOrigin("https://api.example.com"))))
    }

    private func openUntil(_ transport: GuardedTransport) throws -> ContinuousClock.Instant {
        guard case .open(let until, _, _) = try state(transport) else { throw CancellationError() }
        return until
    }

    private func pass(_ rig: GuardRig, until instant: ContinuousClock.Instant) {
        rig.time.advance(by: rig.time.now.instant.duration(to: instant))
    }

    @Test(
        "five failures in a row open it, and no request goes out until its time is over",
        arguments: [
            .answer(HTTPResponse(503)), .answer(HTTPResponse(500)), .failure(.timeout), .failure(.connect),
            .failure(.reset), .failure(.tls(.handshake)), .failure(.malformedResponse),
        ] as [ScriptedTransport.Step])
    func behaviour22_theBreakerHoldsRequests(step: ScriptedTransport.Step) async throws {
        let rig = GuardRig(step)
        let transport = rig.guarded()
        for _ in 0..<5 { await call(transport) }
        #expect(rig.script.requests.count == 5)
        let until = try openUntil(transport)
        let error = await #expect(throws: HTTPClientError.self) {
            try await transport.send(HTTPRequest(url: "https://api.example.com/else?token=x"))
        }
        #expect(error?.kind == .held(until: until))
        #expect(error?.detail.contains("token") == false)
        #expect(rig.script.requests.count == 5)
        pass(rig, until: until)
        await call(transport)
        #expect(rig.script.requests.count == 6)
    }

    @Test("at one call every 30 s to a host that is down it opens within 3 minutes")
    func behaviour22_theBreakerOpensWithinThreeMinutes() async throws {
        let rig = GuardRig(.failure(.connect))
        let transport = rig.guarded()
        let start = rig.time.now.instant
        while try state(transport) == .closed {
            rig.time.advance(by: .seconds(30))
            await call(transport)
            try #require(rig.time.now.instant - start < .seconds(600))
        }
        #expect(rig.time.now.instant - start <= .seconds(180))
    }

    @Test("while one probe is under way nothing else goes out; who waited goes after it, and two successes close it")
    func behaviour22_oneProbeAtATime() async throws {
        let rig = GuardRig(.failure(.connect))
        let probing = ProbingTransport(rig)
        let transport = GuardedTransport(probing, time: rig.time, generator: SeededGenerator(seed: 1))
        for _ in 0..<5 { await call(transport) }
        pass(rig, until: try openUntil(transport))
        rig.answer(.answer(HTTPResponse(200)))
        probing.hold()
        async let first = call(transport)
        await eventually { probing.sentCount == 6 }
        async let second = call(transport)
        async let third = call(transport)
        await settled { true }
        #expect(probing.sentCount == 6)
        #expect(try state(transport) == .halfOpen)
        probing.release()
        #expect(await [first, second, third] == [.success(200), .success(200), .success(200)])
        #expect(try state(transport) == .closed)
        #expect(rig.script.requests.count == 8)
    }

    @Test("requests side by side that meet one bad moment count as one failure")
    func sideBySide() async throws {
        let rig = GuardRig(.failure(.connect))
        let probing = ProbingTransport(rig)
        let transport = GuardedTransport(probing, time: rig.time, generator: SeededGenerator(seed: 1))
        for round in 1...5 {
            #expect(try state(transport) == .closed, "round \(round)")
            probing.hold()
            let sent = probing.sentCount
            async let first = call(transport)
            async let second = call(transport)
            async let third = call(transport)
            await eventually { probing.sentCount == sent + 3 }
            rig.time.advance(by: .milliseconds(200))
            probing.release()
            _ = await (first, second, third)
        }
        guard case .open = try state(transport) else {
            Issue.record("five bad moments did not open it")
            return
        }
    }

    @Test("four of five calls that were cut off at their deadline open it as slow, though one came through")
    func behaviour23_cutOffCallsAreSlow() async throws {
        let rig = GuardRig(.failure(.timeout))
        let transport = rig.guarded()
        for step: ScriptedTransport.Step in [
            .failure(.timeout), .failure(.timeout), .answer(HTTPResponse(200)), .failure(.timeout), .failure(.timeout),
        ] {
            #expect(try state(transport) == .closed)
            rig.answer(step, after: .seconds(2.5))
            await call(transport)
        }
        guard case .open(_, .slow, _) = try state(transport) else {
            Issue.record("it is \(try state(transport))")
            return
        }
    }

    @Test("who waits for a probe waits no longer than its own time, and is held then")
    func boundedWait() async throws {
        let rig = GuardRig(.failure(.connect))
        let probing = ProbingTransport(rig)
        let transport = GuardedTransport(probing, time: rig.time, generator: SeededGenerator(seed: 1))
        for _ in 0..<5 { await call(transport) }
        pass(rig, until: try openUntil(transport))
        probing.hold()
        async let first = call(transport)
        await eventually { probing.sentCount == 6 }
        async let second = call(transport, within: .seconds(1))
        await rig.time.waitForSleepers(1)
        rig.time.advance(by: .seconds(1))
        guard case .failure(let error) = await second, case .held = error.kind else {
            Issue.record("it was not held")
            return
        }
        probing.release()
        _ = await first
        #expect(rig.script.requests.count == 6)
    }

    @Test("refusals, limits, missing things and this host's own trouble never open it")
    func neverOpens() async throws {
        let kinds: [HTTPClientError.Kind] = [.dns, .tls(.untrusted), .addressRefused, .redirectRefused, .overloaded]
        let steps =
            [401, 403, 404, 429, 501, 540].map { ScriptedTransport.Step.answer(HTTPResponse($0)) }
            + kinds.map { .failure($0) } + [.failure(.cancelled)]
        for step in steps {
            let rig = GuardRig(step)
            let transport = rig.guarded()
            for _ in 0..<50 { await call(transport) }
            #expect(try state(transport) == .closed, "\(step)")
            #expect(rig.script.requests.count == 50)
            #expect(rig.transitions.isEmpty)
        }
    }

    @Test("a probe that is refused closes it as fast as one that succeeds", arguments: [200, 304, 401, 403, 404])
    func refusedProbe(status: Int) async throws {
        let rig = GuardRig(.failure(.reset))
        let transport = rig.guarded()
        for _ in 0..<5 { await call(transport) }
        pass(rig, until: try openUntil(transport))
        rig.answer(.answer(HTTPResponse(status)))
        await call(transport)
        #expect(try state(transport) == .halfOpen)
        await call(transport)
        #expect(try state(transport) == .closed)
    }

    @Test("a rate limit leaves it as it is, half open too")
    func throttledProbe() async throws {
        let rig = GuardRig(.failure(.reset))
        let transport = rig.guarded()
        for _ in 0..<5 { await call(transport) }
        pass(rig, until: try openUntil(transport))
        rig.answer(.answer(HTTPResponse(429)))
        for _ in 0..<5 { #expect(await call(transport) == .success(429)) }
        #expect(try state(transport) == .halfOpen)
    }

    @Test("four answers of five that take longer than 5 s open it, and the log hears why")
    func behaviour23_theBreakerOpensOnSlowAnswers() async throws {
        let rig = GuardRig(.answer(HTTPResponse(200)))
        let transport = rig.guarded()
        rig.answer(.answer(HTTPResponse(200)), after: .milliseconds(5_001))
        for _ in 0..<3 { await call(transport) }
        rig.answer(.answer(HTTPResponse(200)), after: .seconds(5))
        await call(transport)
        #expect(try state(transport) == .closed)
        rig.answer(.answer(HTTPResponse(200)), after: .seconds(6))
        await call(transport)
        guard case .open(_, .slow, 1) = try state(transport) else {
            Issue.record("\(try state(transport))")
            return
        }
        #expect(rig.transitions.map(\.to) == [try state(transport)])
    }

    @Test(
        "a request that is cancelled at its deadline counts as timed out", arguments: [(2_400, true), (2_399, false)])
    func cancelledAtDeadline(milliseconds: Int, opens: Bool) async throws {
        let rig = GuardRig(.failure(.cancelled))
        let transport = rig.guarded()
        rig.answer(.failure(.cancelled), after: .milliseconds(milliseconds))
        for _ in 0..<5 { await call(transport) }
        #expect(try (state(transport) != .closed) == opens)
    }

    @Test("each origin has its own breaker, and each change is told once with its host")
    func origins() async throws {
        let rig = GuardRig(.failure(.connect))
        let transport = rig.guarded()
        for _ in 0..<5 { await call(transport, "https://API.example.com:443/") }
        #expect(await call(transport, "https://api.example.com:8443/") == .failure(scriptedConnect))
        #expect(await call(transport, "http://api.example.com/") == .failure(scriptedConnect))
        #expect(await call(transport, "https://other.example.com/") == .failure(scriptedConnect))
        pass(rig, until: try openUntil(transport))
        rig.answer(.answer(HTTPResponse(200)))
        for _ in 0..<5 { await call(transport) }
        #expect(rig.transitions.map(\.key.origin.host) == Array(repeating: "api.example.com", count: 3))
        #expect(rig.transitions.map(\.from).first == .closed)
        #expect(rig.transitions.map(\.to).dropFirst() == [.halfOpen, .closed])
    }

    private let scriptedConnect = HTTPClientError(kind: .connect, detail: "scripted")

    @Test("what is no URL is left to the transport to refuse")
    func noURL() async {
        let rig = GuardRig(.failure(.connect))
        let transport = rig.guarded()
        for _ in 0..<10 { #expect(await call(transport, "nothing") == .failure(scriptedConnect)) }
    }

    @Test("however many hosts are called, the breakers are bounded, and one that is open outlives those that are not")
    func bound() async throws {
        let rig = GuardRig(.failure(.connect))
        let transport = rig.guarded(placesMax: 4)
        for _ in 0..<5 { await call(transport) }
        rig.answer(.answer(HTTPResponse(200)))
        for host in 0..<100 { await call(transport, "https://h\(host).example.com/") }
        #expect(try state(transport) != .closed)
    }
}

/// Holds a request back until the test lets it go.
private final class ProbingTransport: HTTPTransport {
    private struct State {
        var isHeld = false
        var sentCount = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let inner: any HTTPTransport
    private let state = Lock(State())

    init(_ inner: any HTTPTransport) { self.inner = inner }

    /// How many requests have come.
    var sentCount: Int { state.withLock { $0.sentCount } }

    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let waiting = state.withLock { state in
            state.isHeld = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        await withCheckedContinuation { continuation in
            let passes = state.withLock { state in
                state.sentCount += 1
                if state.isHeld { state.waiting.append(continuation) }
                return !state.isHeld
            }
            if passes { continuation.resume() }
        }
        return try await inner.send(request)
    }
}

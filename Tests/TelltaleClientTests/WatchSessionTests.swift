import StatusModel
import TelltaleClient
import TestSupport
import Testing

@Suite("The decisions of a watch")
struct WatchSessionTests {
    private let start = ContinuousClock.now
    private let away = TelltaleError(.unavailable, "The daemon closed the connection.")
    private let refused = TelltaleError(.unimplemented, "no watch here")

    private func session(_ projects: [String] = [], resumeAfter: EventID? = nil) throws -> WatchSession {
        WatchSession(projects: try projects.map { try Sample.project($0) }, resumeAfter: resumeAfter)
    }

    /// Plays messages into an open stream and returns what the reader is told.
    private func play(_ messages: [WatchMessage], into session: inout WatchSession) -> [StatusUpdate] {
        var generator = SeededGenerator(seed: 1)
        return messages.flatMap { session.received($0, at: start, using: &generator) }
    }

    private func fail(
        _ session: inout WatchSession, _ error: TelltaleError, at instant: ContinuousClock.Instant
    ) -> StatusUpdate? {
        var generator = SeededGenerator(seed: 2)
        return session.failed(error, at: instant, using: &generator)
    }

    @Test("a watch opens at once, with the place that the caller gave")
    func opens() throws {
        #expect(try session().action == .open(resumeAfter: nil))
        #expect(try session(resumeAfter: Sample.id(4)).action == .open(resumeAfter: Sample.id(4)))
    }

    @Test("it counts as connected with the first message, not before")
    func connected() throws {
        var session = try session()
        session.opened(at: start)
        #expect(session.action == .receive(until: start + WatchSession.silenceMax))
        let envelope = try Sample.envelope()
        #expect(
            play([.snapshot(envelope, asOf: Sample.id(3))], into: &session) == [
                .connection(.connected), .snapshot(envelope, asOf: Sample.id(3)),
            ])
        let event = try Sample.event(4)
        #expect(play([.event(event)], into: &session) == [.event(event)])
    }

    @Test(
        "it resumes behind the newest place that is certain",
        arguments: [
            ("an event", [WatchMessage.heartbeat(Sample.id(3), at: UnixTime(seconds: 0))], Sample.id(3)),
            ("nothing", [], nil),
        ] as [(String, [WatchMessage], EventID?)])
    func position(_ name: String, _ messages: [WatchMessage], _ expected: EventID?) throws {
        var session = try session()
        session.opened(at: start)
        _ = play(messages, into: &session)
        #expect(session.position == expected)
    }

    @Test("a stream that breaks between two snapshots begins anew, for the second would be lost")
    func brokenSnapshots() throws {
        var session = try session()
        session.opened(at: start)
        _ = play([.snapshot(try Sample.envelope("a"), asOf: Sample.id(9))], into: &session)
        #expect(session.position == nil)
        _ = play([.event(try Sample.event(10))], into: &session)
        #expect(session.position == Sample.id(10))
    }

    @Test("the snapshots of all named projects are a place to resume from: that of the first of them")
    func namedSnapshots() throws {
        var session = try session(["a", "b"])
        session.opened(at: start)
        _ = play([.snapshot(try Sample.envelope("a"), asOf: Sample.id(9))], into: &session)
        #expect(session.position == nil)
        _ = play([.snapshot(try Sample.envelope("b"), asOf: Sample.id(10))], into: &session)
        #expect(session.position == Sample.id(9))
    }

    @Test("a reset is told, and the snapshots behind it are awaited before there is a place again")
    func reset() throws {
        var session = try session(resumeAfter: Sample.id(1))
        session.opened(at: start)
        let reset = WatchReset(reason: .truncated, lostFrom: 2, lostTo: 8, resumeFrom: Sample.id(8))
        #expect(play([.reset(reset)], into: &session) == [.connection(.connected), .reset(reset)])
        #expect(session.position == nil)
    }

    @Test("a broken connection is tried again within the ceilings 1, 2, 5, 10, 30, 60, 60 s")
    func ceilings() throws {
        var session = try session()
        var longest: [Duration] = []
        for attempt in 1...7 {
            var waits: [Duration] = []
            var next = session
            for seed in 0..<200 as Range<UInt64> {
                next = session
                var generator = SeededGenerator(seed: seed)
                let update = next.failed(away, at: start, using: &generator)
                guard case .connection(.reconnecting(attempt, let until, away)) = update else {
                    Issue.record("attempt \(attempt): \(String(describing: update))")
                    return
                }
                #expect(next.action == .wait(until: until))
                waits.append(start.duration(to: until))
            }
            longest.append(waits.max() ?? .zero)
            #expect(waits.min() ?? .zero < (longest.last ?? .zero) / 4, "full jitter reaches down to nothing")
            session = next
            session.waited()
        }
        let ceilings: [Duration] = [1, 2, 5, 10, 30, 60, 60].map { .seconds($0) }
        for (wait, ceiling) in zip(longest, ceilings) { #expect(wait <= ceiling && wait > ceiling * 0.9) }
    }

    @Test(
        "a connection that lived for a while makes the next attempt a first one again, and a short-lived one does not")
    func steady() throws {
        for (lived, attempt) in [(WatchSession.steadyAfter, 1), (.seconds(1), 4)] {
            var session = try session()
            for _ in 0..<3 {
                _ = fail(&session, away, at: start)
                session.waited()
            }
            session.opened(at: start)
            _ = play([.heartbeat(Sample.id(1), at: UnixTime(seconds: 0))], into: &session)
            guard case .connection(.reconnecting(let number, _, _)) = fail(&session, away, at: start + lived) else {
                Issue.record("does not reconnect")
                return
            }
            #expect(number == attempt)
        }
    }

    @Test("a daemon that goes away is left alone for as long as it asks, and resumed where it says")
    func goingAway() throws {
        var session = try session(resumeAfter: Sample.id(1))
        session.opened(at: start)
        let updates = play([.goingAway(resumeFrom: Sample.id(5), retryAfter: .seconds(20))], into: &session)
        guard case .connection(.reconnecting(1, let until, _)) = updates.last else {
            Issue.record("\(updates)")
            return
        }
        #expect(start.duration(to: until) >= .seconds(20))
        #expect(start.duration(to: until) <= .seconds(21))
        #expect(session.action == .wait(until: until))
        session.waited()
        #expect(session.action == .open(resumeAfter: Sample.id(5)))
    }

    @Test(
        "no daemon is waited for without end, whatever it asks", arguments: [Duration.seconds(1 << 40), .seconds(-5)])
    func absurdDelay(_ delay: Duration) throws {
        var session = try session()
        session.opened(at: start)
        _ = play([.goingAway(resumeFrom: Sample.id(5), retryAfter: delay)], into: &session)
        guard case .wait(let until) = session.action else {
            Issue.record("\(session.action)")
            return
        }
        #expect(until <= start + WatchSession.retryAfterMax + .seconds(1))
        #expect(until >= start)
    }

    @Test("a daemon that says nothing for three heartbeats counts as gone")
    func silence() throws {
        var session = try session()
        session.opened(at: start)
        var generator = SeededGenerator(seed: 3)
        guard case .connection(.reconnecting(1, _, let error)) = session.silent(at: start, using: &generator) else {
            Issue.record("does not reconnect")
            return
        }
        #expect(error.code == .deadlineExceeded)
    }

    @Test(
        "what no further attempt would better ends the watch",
        arguments: [TelltaleError.Code.invalidArgument, .notFound, .unauthenticated, .failedPrecondition, .outOfRange])
    func final(_ code: TelltaleError.Code) throws {
        var session = try session()
        session.opened(at: start)
        let error = TelltaleError(code, "no")
        #expect(fail(&session, error, at: start) == nil)
        #expect(session.action == .finish(error))
    }

    @Test(
        "a daemon that refuses to be watched is polled, and asked again every fourth time",
        arguments: [TelltaleError.Code.unimplemented, .resourceExhausted, .permissionDenied])
    func polling(_ code: TelltaleError.Code) throws {
        var session = try session()
        session.opened(at: start)
        let refusal = TelltaleError(code, "no watch here")
        #expect(fail(&session, refusal, at: start) == .connection(.polling(because: refusal)))
        for round in 1...WatchSession.pollsPerAttempt {
            #expect(session.action == .poll)
            session.polled(at: start)
            #expect(session.action == .wait(until: start + WatchSession.pollInterval))
            session.waited()
            if round < WatchSession.pollsPerAttempt { #expect(session.action == .poll) }
        }
        #expect(session.action == .open(resumeAfter: nil))
        session.opened(at: start)
        #expect(fail(&session, refusal, at: start) == nil, "the reader knows already")
        #expect(session.action == .poll)
    }

    @Test("a refusal after messages came is a broken stream: a slow reader is cut off so, and comes back")
    func lateRefusal() throws {
        var session = try session()
        session.opened(at: start)
        _ = play([.heartbeat(Sample.id(6), at: UnixTime(seconds: 0))], into: &session)
        let cut = TelltaleError(.resourceExhausted, "too slow", retryAfter: .seconds(3))
        guard case .connection(.reconnecting(1, let until, cut)) = fail(&session, cut, at: start) else {
            Issue.record("does not reconnect")
            return
        }
        #expect(until >= start + .seconds(3))
        session.waited()
        #expect(session.action == .open(resumeAfter: Sample.id(6)))
    }

    @Test("reading that is refused as well ends the watch; reading that fails for now does not")
    func refusedReading() throws {
        var polled = try session()
        polled.opened(at: start)
        _ = fail(&polled, refused, at: start)
        var denied = polled
        let denial = TelltaleError(.permissionDenied, "not you")
        #expect(fail(&denied, denial, at: start) == nil)
        #expect(denied.action == .finish(denial))
        guard case .connection(.reconnecting) = fail(&polled, away, at: start) else {
            Issue.record("does not reconnect")
            return
        }
    }

    @Test(
        "whatever comes in whatever order, it never resumes before a place it has told",
        arguments: 0..<40 as Range<UInt64>)
    func anyOrder(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var session = try session()
        var now = start
        var sequence: UInt64 = 0
        for _ in 0..<300 {
            now += .milliseconds(Int.random(in: 0...5000, using: &generator))
            switch session.action {
            case .open(let position):
                #expect(position?.sequence ?? 0 <= sequence, "seed \(seed)")
                if Bool.random(using: &generator) {
                    session.opened(at: now)
                } else {
                    _ = session.failed(away, at: now, using: &generator)
                }
            case .receive(let until):
                #expect(until >= start, "seed \(seed)")
                sequence += 1
                let before = session.position
                let choice = Int.random(in: 0...5, using: &generator)
                let error = choice == 4 ? refused : away
                if choice >= 4 {
                    _ = session.failed(error, at: now, using: &generator)
                    #expect(session.position == before, "seed \(seed): a failure moves nothing")
                } else {
                    let message: WatchMessage =
                        switch choice {
                        case 0: .event(try Sample.event(sequence))
                        case 1: .heartbeat(Sample.id(sequence), at: UnixTime(seconds: 0))
                        case 2: .snapshot(try Sample.envelope(), asOf: Sample.id(sequence))
                        default: .goingAway(resumeFrom: Sample.id(sequence), retryAfter: .seconds(1))
                        }
                    #expect(session.received(message, at: now, using: &generator).count <= 3, "seed \(seed)")
                }
            case .wait(let until):
                #expect(until <= now + WatchSession.retryAfterMax + .seconds(60), "seed \(seed)")
                session.waited()
            case .poll: session.polled(at: now)
            case .finish: Issue.record("seed \(seed): ended without a reason")
            }
        }
    }
}

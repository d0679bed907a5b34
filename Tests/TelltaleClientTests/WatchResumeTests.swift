import ClientTestSupport
import StatusModel
import StatusWire
import TelltaleClient
import TestSupport
import Testing

@Suite("Where a watch goes on", .timeLimit(.minutes(1)))
struct WatchResumeTests {
    private let zero = UnixTime(seconds: 0)

    private var behaviour: FakeDaemon.Behaviour {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.watch = { _ in .success(()) }
        return behaviour
    }

    @Test("is told with each update: behind it, and not behind one that is still to be given")
    func position() async throws {
        try await withDaemon(behaviour) { daemon in
            var iterator = daemon.client().watch(resumeAfter: Sample.id(3)).makeAsyncIterator()
            #expect(iterator.resumePosition == Sample.id(3))
            let reset = WatchReset(reason: .truncated, lostFrom: 6, lostTo: 8, resumeFrom: Sample.id(8))
            let (event, envelope) = (try Sample.event(5), try Sample.envelope())
            let sender = Task {
                let watch = await daemon.watches.opened(0)
                watch.send(.event(event), .reset(reset), .snapshot(envelope, asOf: Sample.id(8)))
                watch.send(.heartbeat(Sample.id(8), at: zero))
            }
            // One message makes two updates.
            for (expected, position) in [
                (StatusUpdate.connection(.connected), Sample.id(3)), (.event(event), Sample.id(5)),
                (.reset(reset), nil),
                (.snapshot(envelope, asOf: Sample.id(8)), nil), (.heartbeat(Sample.id(8), at: zero), Sample.id(8)),
            ] as [(StatusUpdate, EventID?)] {
                #expect(try await iterator.next() == expected)
                #expect(iterator.resumePosition == position)
            }
            await sender.value
        }
    }

    @Test("a reader that takes its time does not take the daemon for silent")
    func slowReader() async throws {
        let time = ManualTime()
        try await withDaemon(behaviour) { daemon in
            var iterator = daemon.client(clock: time.clientClock).watch(resumeAfter: Sample.id(3)).makeAsyncIterator()
            let sender = Task { await daemon.watches.opened(0).send(.heartbeat(Sample.id(4), at: zero)) }
            #expect(try await iterator.next() == .connection(.connected))
            #expect(try await iterator.next() == .heartbeat(Sample.id(4), at: zero))
            await sender.value
            time.advance(by: WatchSession.silenceMax * 4)
            let later = Task {
                await time.waitForSleepers(1)
                await daemon.watches.opened(0).send(.event(try Sample.event(5)))
            }
            let event = try Sample.event(5)
            #expect(try await iterator.next() == .event(event))
            try await later.value
        }
    }

    @Test("one that is cut off for being slow hears why, and goes on where it stood")
    func slowConsumer() async throws {
        let time = ManualTime()
        try await withDaemon(behaviour) { daemon in
            var iterator = daemon.client(clock: time.clientClock).watch(resumeAfter: Sample.id(3)).makeAsyncIterator()
            let sender = Task {
                let watch = await daemon.watches.opened(0)
                watch.send(.goingAway(resumeFrom: Sample.id(9), retryAfter: .zero, because: .slowConsumer))
            }
            #expect(try await iterator.next() == .connection(.connected))
            guard case .connection(.reconnecting(1, _, let error)) = try await iterator.next() else {
                Issue.record("does not reconnect")
                return
            }
            #expect(error.code == .resourceExhausted)
            #expect(error.message == "Nothing was read for 10 s while updates waited, so the daemon ended the watch.")
            #expect(iterator.resumePosition == Sample.id(9))
            await sender.value
            let clock = Task {
                await time.waitForSleepers(1)
                time.advance(by: .seconds(1))
                let watch = await daemon.watches.opened(1)
                watch.send(.heartbeat(Sample.id(9), at: zero))
                return watch.request.resumeAfter
            }
            #expect(try await iterator.next() == .connection(.connected))
            let place = await clock.value
            #expect(place == Sample.id(9))
        }
    }
}

import ClientTestSupport
import StatusModel
import StatusWire
import TelltaleClient
import TestSupport
import Testing

@Suite("Watches of a client", .timeLimit(.minutes(1)))
struct StatusUpdatesTests {
    private let zero = UnixTime(seconds: 0)

    private func behaviour() -> FakeDaemon.Behaviour {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.watch = { _ in .success(()) }
        return behaviour
    }

    @Test("snapshots, events and heartbeats come as they were sent")
    func updates() async throws {
        try await withDaemon(behaviour()) { daemon in
            var iterator = daemon.client().watch(kinds: ["github:*"]).makeAsyncIterator()
            async let opened = daemon.watches.opened(0)
            let envelope = try Sample.envelope()
            let event = try Sample.event(2)
            let sent = Task {
                let watch = await daemon.watches.opened(0)
                watch.send(.snapshot(envelope, asOf: Sample.id(1)), .event(event), .heartbeat(Sample.id(3), at: zero))
            }
            #expect(try await iterator.next() == .connection(.connected))
            #expect(try await iterator.next() == .snapshot(envelope, asOf: Sample.id(1)))
            #expect(try await iterator.next() == .event(event))
            #expect(try await iterator.next() == .heartbeat(Sample.id(3), at: zero))
            await sent.value
            let request = await opened.request
            #expect(request.kinds == ["github:*"])
            #expect(request.resumeAfter == nil)
        }
    }

    @Test("a watch goes on behind the last event when its connection breaks")
    func resumes() async throws {
        let time = ManualTime()
        try await withDaemon(behaviour()) { daemon in
            var iterator = daemon.client(clock: time.clientClock).watch().makeAsyncIterator()
            let event = try Sample.event(4)
            let first = Task {
                let watch = await daemon.watches.opened(0)
                watch.send(.event(event))
                watch.fail(ErrorStatus(code: 14, message: "gone"))
            }
            #expect(try await iterator.next() == .connection(.connected))
            #expect(try await iterator.next() == .event(event))
            guard case .connection(.reconnecting(1, _, let error)) = try await iterator.next() else {
                Issue.record("does not reconnect")
                return
            }
            #expect(error == TelltaleError(.unavailable, "gone"))
            let second = Task {
                await time.waitForSleepers(1)
                time.advance(by: .seconds(1))
                let watch = await daemon.watches.opened(1)
                watch.send(.heartbeat(Sample.id(5), at: zero))
                return watch.request.resumeAfter
            }
            #expect(try await iterator.next() == .connection(.connected))
            #expect(try await iterator.next() == .heartbeat(Sample.id(5), at: zero))
            await first.value
            #expect(await second.value == Sample.id(4))
        }
    }

    @Test("where watching is refused, whole states are polled, and only those that changed are given")
    func polls() async throws {
        let time = ManualTime()
        var behaviour = FakeDaemon.Behaviour()
        let (first, second) = (try Sample.envelope(renderHash: "r1"), try Sample.envelope(renderHash: "r2"))
        behaviour.status = { _ in .success(StatusAnswer(envelope: first, hash: "h", source: .hit)) }
        try await withDaemon(behaviour) { daemon in
            var iterator = daemon.client(clock: time.clientClock).watch(projects: [try Sample.project()])
                .makeAsyncIterator()
            guard case .connection(.polling(let error)) = try await iterator.next() else {
                Issue.record("does not poll")
                return
            }
            #expect(error.code == .unimplemented)
            #expect(try await iterator.next() == .snapshot(first, asOf: nil))
            let clock = Task {
                await time.waitForSleepers(1)
                time.advance(by: WatchSession.pollInterval)
                await time.waitForSleepers(1)
                // The round before has given nothing: nothing had changed.
                daemon.change { $0.status = { _ in .success(StatusAnswer(envelope: second, hash: "h", source: .hit)) } }
                time.advance(by: WatchSession.pollInterval)
            }
            #expect(try await iterator.next() == .snapshot(second, asOf: nil))
            await clock.value
        }
    }

    @Test("a watch of an unknown project ends with that error, and then for good")
    func unknownProject() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.watch = { _ in .failure(ErrorStatus(code: 5, message: "no such project", reason: "PROJECT_UNKNOWN")) }
        try await withDaemon(behaviour) { daemon in
            var iterator = daemon.client().watch(projects: [try Sample.project()]).makeAsyncIterator()
            var thrown: TelltaleError?
            do throws(TelltaleError) { _ = try await iterator.next() } catch { thrown = error }
            #expect(thrown?.reason == "PROJECT_UNKNOWN")
            let next = try await iterator.next()
            #expect(next == nil)
        }
    }

    @Test("cancelling the reader closes its half of the stream, then the connection")
    func cancellation() async throws {
        try await withDaemon(behaviour()) { daemon in
            let updates = daemon.client().watch()
            let reader = Task {
                var count = 0
                for try await _ in updates { count += 1 }
                return count
            }
            let watch = await daemon.watches.opened(0)
            reader.cancel()
            let count = try await reader.value
            #expect(count == 0)
            await watch.waitUntilClosed()
            #expect(watch.wasClosedByClient)
        }
    }

    @Test("a reader that stops in the middle leaves no connection behind")
    func abandoned() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            let sender = Task { await daemon.watches.opened(0).send(.heartbeat(Sample.id(1), at: zero)) }
            for try await _ in client.watch() { break }
            await sender.value
            await daemon.watches.opened(0).waitUntilClosed()
        }
    }

    @Test("closing the client ends a watch that waits for its next attempt")
    func closedWhileWaiting() async throws {
        let time = ManualTime()
        let client = TelltaleClient(
            configuration: TelltaleClient.Configuration(socketPath: "/tmp/telltale-nowhere.sock", environment: [:]),
            clock: time.clientClock)
        let reader = Task { () -> TelltaleError? in
            do throws(TelltaleError) {
                for try await _ in client.watch() {}
                return nil
            } catch {
                return error
            }
        }
        await time.waitForSleepers(1)
        client.close()
        #expect(await reader.value?.code == .cancelled)
    }

    @Test("a daemon that hangs is left, and tried again")
    func hangingDaemon() async throws {
        let time = ManualTime()
        try await withDaemon(behaviour()) { daemon in
            var iterator = daemon.client(clock: time.clientClock).watch().makeAsyncIterator()
            let clock = Task {
                _ = await daemon.watches.opened(0)
                await time.waitForSleepers(1)
                time.advance(by: WatchSession.silenceMax)
            }
            guard case .connection(.reconnecting(1, _, let error)) = try await iterator.next() else {
                Issue.record("does not reconnect")
                return
            }
            #expect(error.code == .deadlineExceeded)
            await clock.value
            await daemon.watches.opened(0).waitUntilClosed()
        }
    }

    @Test("a message of a kind that only a newer daemon knows is skipped; one that cannot be read breaks the stream")
    func strangeMessages() async throws {
        try await withDaemon(behaviour()) { daemon in
            var iterator = daemon.client().watch().makeAsyncIterator()
            let sender = Task {
                let watch = await daemon.watches.opened(0)
                // Field 15, a message of no bytes; then a length that promises more than there is.
                watch.send(encoded: [[0x7A, 0x00]])
                watch.send(.heartbeat(Sample.id(1), at: zero))
                watch.send(encoded: [[0x0A, 0x7F, 0x00]])
            }
            #expect(try await iterator.next() == .connection(.connected))
            #expect(try await iterator.next() == .heartbeat(Sample.id(1), at: zero))
            guard case .connection(.reconnecting(1, _, let error)) = try await iterator.next() else {
                Issue.record("does not reconnect")
                return
            }
            #expect(error.code == .internal)
            await sender.value
            await daemon.watches.opened(0).waitUntilClosed()
        }
    }

    @Test("two readers of one sequence are two watches")
    func twoReaders() async throws {
        try await withDaemon(behaviour()) { daemon in
            let updates = daemon.client().watch()
            var (first, second) = (updates.makeAsyncIterator(), updates.makeAsyncIterator())
            let sender = Task {
                for index in 0...1 {
                    await daemon.watches.opened(index).send(.heartbeat(Sample.id(UInt64(index)), at: zero))
                }
            }
            let one = try await first.next()
            let other = try await second.next()
            #expect(one == .connection(.connected))
            #expect(other == .connection(.connected))
            await sender.value
            #expect(daemon.watches.count == 2)
        }
    }

    @Test("a daemon that goes away is left, and found again where it said")
    func goingAway() async throws {
        let time = ManualTime()
        try await withDaemon(behaviour()) { daemon in
            var iterator = daemon.client(clock: time.clientClock).watch(resumeAfter: Sample.id(2)).makeAsyncIterator()
            let first = Task {
                let watch = await daemon.watches.opened(0)
                watch.send(.goingAway(resumeFrom: Sample.id(9), retryAfter: .seconds(2)))
            }
            #expect(try await iterator.next() == .connection(.connected))
            guard case .connection(.reconnecting) = try await iterator.next() else {
                Issue.record("does not reconnect")
                return
            }
            let second = Task {
                await time.waitForSleepers(1)
                time.advance(by: .seconds(3))
                let watch = await daemon.watches.opened(1)
                watch.send(.event(try Sample.event(10)))
                return watch.request.resumeAfter
            }
            #expect(try await iterator.next() == .connection(.connected))
            await first.value
            let position = try await second.value
            #expect(position == Sample.id(9))
        }
    }
}

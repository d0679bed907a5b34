import LinuxSystem
import Locks
import ProtobufMessages
package import StatusModel
package import StatusWire
import Synchronization
import TTRPCCore
import TTRPCTransport

/// One stream that a client opened: the test says what it gives.
package final class FakeWatch: Sendable {
    private struct State {
        var messages: [[UInt8]] = []
        var end: PullOutcome?
        var isClosed = false
        var closedWaiters: [CheckedContinuation<Void, Never>] = []
        var halfClosed = false
    }

    package let request: WatchRequest
    private let waker: StreamWaker
    private let state = Lock(State())

    init(request: WatchRequest, waker: StreamWaker) {
        self.request = request
        self.waker = waker
    }

    package func send(_ messages: WatchMessage...) {
        send(encoded: messages.map { $0.encoded(in: MessageArena()) })
    }

    /// Sends whatever a daemon of another version might, or a broken one.
    package func send(encoded messages: [[UInt8]]) {
        state.withLock { $0.messages += messages }
        waker.wake()
    }

    /// Ends the stream in order.
    package func finish() { end(.finished) }

    /// Ends the stream with an error.
    package func fail(_ error: ErrorStatus) { end(.failed(error.rpcStatus(in: MessageArena()))) }

    /// Returns when the stream is over, however it came to that.
    package func waitUntilClosed() async {
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.closedWaiters.append(continuation) }
                return state.isClosed
            }
            if isClosed { continuation.resume() }
        }
    }

    /// Whether the client closed its half before the stream was over.
    package var wasClosedByClient: Bool { state.withLock { $0.halfClosed } }

    private func end(_ outcome: PullOutcome) {
        state.withLock { $0.end = outcome }
        waker.wake()
    }

    fileprivate func take() -> ([[UInt8]], PullOutcome) {
        state.withLock { state in
            defer { state.messages = [] }
            return (state.messages, state.end ?? .idle(until: nil))
        }
    }

    fileprivate func closeHalf() { state.withLock { $0.halfClosed = true } }

    fileprivate func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.closedWaiters = [] }
            return state.closedWaiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

/// The streams that a fake daemon got, in order.
package final class WatchLog: Sendable {
    private struct State {
        var opened: [FakeWatch] = []
        var waiters: [(index: Int, continuation: CheckedContinuation<FakeWatch, Never>)] = []
    }

    private let state = Lock(State())

    package var count: Int { state.withLock { $0.opened.count } }

    /// The stream of that number, from 0, as soon as it is opened.
    package func opened(_ index: Int) async -> FakeWatch {
        await withCheckedContinuation { continuation in
            let watch = state.withLock { state -> FakeWatch? in
                if index < state.opened.count { return state.opened[index] }
                state.waiters.append((index, continuation))
                return nil
            }
            if let watch { continuation.resume(returning: watch) }
        }
    }

    fileprivate func append(_ watch: FakeWatch) {
        let ready = state.withLock { state in
            state.opened.append(watch)
            let index = state.opened.count - 1
            defer { state.waiters.removeAll { $0.index == index } }
            return state.waiters.filter { $0.index == index }.map(\.continuation)
        }
        for continuation in ready { continuation.resume(returning: watch) }
    }
}

struct FakeWatchMethod: StreamMethod {
    unowned let daemon: FakeDaemon

    func open(_ request: InboundRequest, waker: StreamWaker) throws(RPCStatus) -> any StreamSession {
        let query: WatchRequest
        do throws(WireError) {
            query = try WatchRequest(decoding: request.payload, in: request.arena)
        } catch {
            throw RPCStatus(.invalidArgument, "\(error)")
        }
        let refusal = ErrorStatus(code: 12, message: "This daemon does not know the call.")
        if case .failure(let error) = daemon.current.watch?(query) ?? .failure(refusal) {
            throw error.rpcStatus(in: MessageArena())
        }
        let watch = FakeWatch(request: query, waker: waker)
        daemon.watches.append(watch)
        return FakeWatchSession(watch: watch)
    }
}

private final class FakeWatchSession: StreamSession {
    private let watch: FakeWatch

    init(watch: FakeWatch) { self.watch = watch }

    func received(_ message: UnsafeRawBufferPointer) throws(RPCStatus) {}

    func remoteClosed() -> Bool {
        watch.closeHalf()
        return true
    }

    func pull(into sink: StreamSink, now: LoopInstant) -> PullOutcome {
        let (messages, outcome) = watch.take()
        for message in messages { message.withUnsafeBytes { sink.send($0) } }
        return outcome
    }

    func drain() {}

    func closed() { watch.close() }
}

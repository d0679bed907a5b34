import LinuxSystem
import Locks
import Synchronization
import TTRPCCore
import TTRPCTransport

/// A stream's session made of closures over a state. Confined to the server's loop.
final class TestSession<State>: StreamSession {
    var state: State
    var isDraining = false
    var hasRemoteClosed = false
    let log: Watched<TestLog>
    var onMessage: (inout State, [UInt8]) throws(RPCStatus) -> Void = { _, _ in }
    var onCutOff: (TestSession<State>, StreamSink) -> Void = { _, _ in }
    let onPull: (TestSession<State>, StreamSink, LoopInstant) -> PullOutcome

    init(
        _ state: State, log: Watched<TestLog>,
        pull: @escaping (TestSession<State>, StreamSink, LoopInstant) -> PullOutcome
    ) {
        self.state = state
        self.log = log
        onPull = pull
        log.update { $0.streamsOpened += 1 }
    }

    func received(_ message: UnsafeRawBufferPointer) throws(RPCStatus) { try onMessage(&state, [UInt8](message)) }

    func remoteClosed() -> Bool {
        hasRemoteClosed = true
        log.update { $0.remoteClosed += 1 }
        return false
    }

    func pull(into sink: StreamSink, now: LoopInstant) -> PullOutcome { onPull(self, sink, now) }

    func drain() {
        isDraining = true
        log.update { $0.streamsDrained += 1 }
    }

    func cutOff(into sink: StreamSink) -> RPCStatus {
        onCutOff(self, sink)
        return RPCStatus(.resourceExhausted, "Read faster.")
    }

    func closed() { log.update { $0.streamsClosed += 1 } }
}

struct StreamTestMethod: StreamMethod {
    let body: @Sendable (InboundRequest, StreamWaker) throws(RPCStatus) -> any StreamSession

    func open(_ request: InboundRequest, waker: StreamWaker) throws(RPCStatus) -> any StreamSession {
        try body(request, waker)
    }
}

/// A number that streams watch, and that a test changes from outside of the loop.
final class Ticker: Sendable {
    private let state = Lock<(value: UInt8, wakers: [StreamWaker])>((0, []))

    var value: UInt8 { state.withLock(\.value) }

    func add(_ waker: StreamWaker) { state.withLock { $0.wakers.append(waker) } }

    func set(_ value: UInt8) {
        let wakers = state.withLock { state in
            state.value = value
            return state.wakers
        }
        for waker in wakers { waker.wake() }
    }
}

extension StreamSink {
    func send(_ bytes: [UInt8]) { bytes.withUnsafeBytes { send($0) } }
}

enum StreamTestMethods {
    static func add(to table: inout MethodTable, log: Watched<TestLog>, ticker: Ticker) {
        func add(
            _ name: StaticString,
            _ body: @escaping @Sendable (InboundRequest, StreamWaker) throws(RPCStatus) -> any StreamSession
        ) {
            table.addStream("test.Streams", name, StreamTestMethod(body: body))
        }
        // As many messages as the request has bytes times 16, each of which tells its number in the first byte.
        add("Count") { request, _ in
            TestSession((next: 0, end: request.payload.count * 16), log: log) { session, sink, _ in
                while session.state.next < session.state.end {
                    guard sink.hasRoom else { return .more }
                    let number = UInt8(truncatingIfNeeded: session.state.next)
                    sink.send([UInt8](repeating: number, count: 1 << 10))
                    session.state.next += 1
                }
                return .finished
            }
        }
        // One message at a pull, and always more.
        add("Endless") { _, _ in
            TestSession((), log: log) { _, sink, _ in
                while sink.hasRoom { sink.send([UInt8](repeating: 1, count: 16 << 10)) }
                return .more
            }
        }
        // Messages of some size, each of which begins with its number; its last word is the number of the next.
        add("Numbered") { request, _ in numbered(log, byteCount: Int(request.payload.first ?? 0) << 10) }
        // More at once than any socket takes.
        add("Flood") { _, _ in
            TestSession((), log: log) { _, sink, _ in
                for _ in 0..<8 { sink.send([UInt8](repeating: 1, count: 4 << 20)) }
                return .idle(until: nil)
            }
        }
        add("StepByStep") { _, _ in
            TestSession(UInt8(0), log: log) { session, sink, _ in
                session.state += 1
                sink.send([session.state])
                return session.state == 20 ? .finished : .more
            }
        }
        add("Sum") { request, _ in sum(log, isClosed: request.remoteClosed) }
        add("Chat") { request, _ in
            chat(log, greeting: [UInt8](request.payload), isClosed: request.remoteClosed)
        }
        add("Watch") { _, waker in
            ticker.add(waker)
            return TestSession(UInt8(0), log: log) { session, sink, _ in
                if session.state != ticker.value {
                    session.state = ticker.value
                    sink.send([session.state])
                }
                return session.isDraining ? .finished : .idle(until: nil)
            }
        }
        add("Heartbeat") { _, _ in
            TestSession(UInt8(0), log: log) { session, sink, now in
                session.state += 1
                sink.send([session.state])
                return session.state == 5 ? .finished : .idle(until: now.advanced(by: .milliseconds(2)))
            }
        }
        add("Oversized") { _, _ in
            TestSession((), log: log) { _, sink, _ in
                sink.send([UInt8](repeating: 0, count: 4 << 20 + 1))
                return .idle(until: nil)
            }
        }
        add("Refused") { _, _ throws(RPCStatus) in throw RPCStatus(.permissionDenied, "Not for you.") }
        add("Broken") { _, _ in
            TestSession((), log: log) { _, sink, _ in
                sink.send([1])
                return .failed(RPCStatus(.dataLoss, "The journal is gone.", details: UnaryTestMethods.details))
            }
        }
    }

    private static func numbered(_ log: Watched<TestLog>, byteCount: Int) -> any StreamSession {
        func number(_ value: UInt16, padding: Int) -> [UInt8] {
            [UInt8(value >> 8), UInt8(value & 0xFF)] + [UInt8](repeating: 0, count: padding)
        }
        let session = TestSession(UInt16(0), log: log) { session, sink, _ in
            while sink.hasRoom {
                sink.send(number(session.state, padding: byteCount))
                session.state += 1
            }
            return .more
        }
        session.onCutOff = { session, sink in sink.send(number(session.state, padding: 0)) }
        return session
    }

    /// Adds up what the client sends, and responds when it has closed its half.
    private static func sum(_ log: Watched<TestLog>, isClosed: Bool) -> any StreamSession {
        let session = TestSession(0, log: log) { session, _, _ in
            session.hasRemoteClosed ? .responded([UInt8(truncatingIfNeeded: session.state)]) : .idle(until: nil)
        }
        session.hasRemoteClosed = isClosed
        session.onMessage = { sum, message in sum += message.reduce(0) { $0 + Int($1) } }
        return session
    }

    /// Sends back what it gets, in order; a message `!` is refused.
    private static func chat(_ log: Watched<TestLog>, greeting: [UInt8], isClosed: Bool) -> any StreamSession {
        let session = TestSession([greeting], log: log) { session, sink, _ in
            while !session.state.isEmpty {
                guard sink.hasRoom else { return .more }
                sink.send(session.state.removeFirst())
            }
            return session.hasRemoteClosed ? .finished : .idle(until: nil)
        }
        session.hasRemoteClosed = isClosed
        session.onMessage = { (messages, message) throws(RPCStatus) in
            if message == Array("!".utf8) { throw RPCStatus(.invalidArgument, "Do not shout.") }
            messages.append(message)
        }
        return session
    }
}

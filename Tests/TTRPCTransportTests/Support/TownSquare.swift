import LinuxSystem
import Locks
import Synchronization
import TTRPCTransport

/// Streams that listen, and one that cries to all of them at once. Each listener is of the kind that its request names.
final class TownSquare: Sendable {
    enum Listener: UInt8 {
        /// Is told what is cried.
        case ordinary
        /// Asks for itself, and then says `asked`.
        case asking
        /// Has heard it already.
        case informed
        /// Is told more than a frame holds.
        case deafened
    }

    static let asked: UInt8 = 200

    private let listeners = Lock<[(waker: StreamWaker, kind: Listener)]>([])

    func add(to table: inout MethodTable, log: Watched<TestLog>) {
        table.addStream(
            "test.Streams", "Listen",
            StreamTestMethod { [self] request, waker in
                let kind = Listener(rawValue: request.payload.first ?? 0) ?? .ordinary
                listeners.withLock { $0.append((waker, kind)) }
                // What its client has in hand before anything is cried.
                return TestSession(false, log: log) { session, sink, _ in
                    sink.send([session.state ? Self.asked : 0])
                    session.state = true
                    return .idle(until: nil)
                }
            })
        table.addStream(
            "test.Streams", "Cry",
            StreamTestMethod { [self] _, waker in
                let session = TestSession((), log: log) { session, _, _ in
                    session.hasRemoteClosed ? .finished : .idle(until: nil)
                }
                session.onMessage = { [self] _, message in waker.tell(crowd(), by: Cry(message, to: self)) }
                return session
            })
    }

    fileprivate func kind(_ name: UInt32) -> Listener { listeners.withLock { $0[Int(name)].kind } }

    private func crowd() -> StreamCrowd {
        let all = listeners.withLock(\.self).enumerated().sorted { $0.element.waker.order < $1.element.waker.order }
        var crowd = StreamCrowd(upTo: all.count)
        for (name, listener) in all { crowd.add(order: listener.waker.order, as: UInt32(name)) }
        return crowd
    }
}

private final class Cry: CrowdSpeaker {
    private let message: [UInt8]
    private let square: TownSquare

    init(_ message: [UInt8], to square: TownSquare) {
        self.message = message
        self.square = square
    }

    /// The one that is cried, and one that is larger than a frame.
    private static let tooMuch = [UInt8](repeating: 0, count: 4 << 20 + 1)

    var messageBytesMax: Int { message.count }

    func withMessage(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        (number == 0 ? message : Self.tooMuch).withUnsafeBytes(body)
    }

    func decide(_ members: ArraySlice<StreamCrowd.Member>, at now: LoopInstant, _ turns: inout [CrowdTurn]) {
        for member in members {
            switch square.kind(member.name) {
            case .ordinary: turns.append(.told(0))
            case .asking: turns.append(.asked)
            case .informed: turns.append(.passed)
            case .deafened: turns.append(.told(1))
            }
        }
    }
}

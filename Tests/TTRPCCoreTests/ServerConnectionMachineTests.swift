import TTRPCCore
import Testing

@Suite("The server's side of a connection")
struct ServerConnectionMachineTests {
    private var machine = ServerConnectionMachine(
        limits: ServerConnectionLimits(callsMax: 2, streamsMax: 2, violationsMax: 3))

    /// The code of a rejection or an abortion of that stream.
    private static func code(_ action: ServerConnectionMachine.OnFrame, rejects id: UInt32) -> StatusCode? {
        if case .reject(StreamID(id), let status) = action { status.code } else { nil }
    }

    private static func code(_ action: ServerConnectionMachine.OnFrame, aborts id: UInt32) -> StatusCode? {
        if case .abort(StreamID(id), let status) = action { status.code } else { nil }
    }

    @Test("a call that is answered at once never counts as in progress")
    mutating func inlineCall() {
        for id in stride(from: UInt32(1), to: 21, by: 2) {
            #expect(machine.frameReceived(.request(id)) == .call(StreamID(id)))
            #expect(machine.isIdle)
        }
    }

    @Test("a call that is answered later counts until it ends, once")
    mutating func deferredCall() {
        #expect(machine.frameReceived(.request(1)) == .call(StreamID(1)))
        #expect(machine.deferred(StreamID(1)) == nil)
        #expect(machine.callCount == 1)
        #expect(machine.ended(StreamID(1)) == true)
        #expect(machine.ended(StreamID(1)) == false)
        #expect(machine.isIdle)
    }

    @Test("the call over the limit is refused, and those after one has ended are not")
    mutating func callLimit() {
        for id: UInt32 in [1, 3] {
            _ = machine.frameReceived(.request(id))
            #expect(machine.deferred(StreamID(id)) == nil)
        }
        // It might have an answer at once; only when it has not is there no place for it.
        #expect(machine.frameReceived(.request(5)) == .call(StreamID(5)))
        #expect(machine.deferred(StreamID(5))?.code == .resourceExhausted)
        #expect(machine.callCount == 2)
        #expect(machine.ended(StreamID(1)) == true)
        _ = machine.frameReceived(.request(7))
        #expect(machine.deferred(StreamID(7)) == nil)
    }

    @Test("a unary method that is called as a stream counts as a call")
    mutating func unaryAsStream() {
        for id: UInt32 in [1, 3] {
            #expect(machine.frameReceived(.request(id, .remoteOpen)) == .open(StreamID(id), remoteClosed: false))
            #expect(machine.deferred(StreamID(id)) == nil)
        }
        #expect(machine.frameReceived(.request(5, .remoteOpen)) == .open(StreamID(5), remoteClosed: false))
        #expect(machine.deferred(StreamID(5))?.code == .resourceExhausted)
        #expect((machine.callCount, machine.streamCount) == (2, 0))
    }

    @Test("a stream is open until its client has closed its half")
    mutating func openStream() {
        let id = StreamID(1)
        #expect(machine.frameReceived(.request(1, .remoteOpen)) == .open(id, remoteClosed: false))
        machine.opened(id, remoteClosed: false)
        #expect(machine.streamCount == 1)
        #expect(machine.frameReceived(.data(1)) == .data(id, hasData: true, remoteClosed: false))
        #expect(machine.frameReceived(.data(1, .remoteClosed)) == .data(id, hasData: true, remoteClosed: true))
        #expect(machine.streamCount == 1)
        #expect(Self.code(machine.frameReceived(.data(1)), aborts: 1) == .invalidArgument)
        #expect(machine.ended(id) == true)
        #expect(machine.isIdle)
    }

    @Test("a stream that its client closed at once takes no data")
    mutating func halfClosedStream() {
        #expect(machine.frameReceived(.request(1, .remoteClosed)) == .open(StreamID(1), remoteClosed: true))
        machine.opened(StreamID(1), remoteClosed: true)
        #expect(Self.code(machine.frameReceived(.data(1)), aborts: 1) == .invalidArgument)
    }

    @Test(
        "data without bytes is an empty message, unless it closes the stream or its flag says that there is none",
        arguments: [
            (FrameFlags(), UInt32(0), true, false), (.noData, 0, false, false), (.remoteClosed, 0, false, true),
            (.lastData, 0, false, true), (.noData, 9, false, false), (.remoteClosed, 9, true, true),
        ])
    mutating func emptyData(_ flags: FrameFlags, _ byteCount: UInt32, _ hasData: Bool, _ remoteClosed: Bool) {
        _ = machine.frameReceived(.request(1, .remoteOpen))
        machine.opened(StreamID(1), remoteClosed: false)
        #expect(
            machine.frameReceived(.data(1, flags, byteCount: byteCount))
                == .data(StreamID(1), hasData: hasData, remoteClosed: remoteClosed))
    }

    @Test("the stream over the limit is refused, and calls are not")
    mutating func streamLimit() {
        for id: UInt32 in [1, 3] {
            _ = machine.frameReceived(.request(id, .remoteClosed))
            machine.opened(StreamID(id), remoteClosed: true)
        }
        #expect(Self.code(machine.frameReceived(.request(5, .remoteClosed)), rejects: 5) == .resourceExhausted)
        #expect(Self.code(machine.frameReceived(.request(7, .remoteOpen)), rejects: 7) == .resourceExhausted)
        #expect(machine.frameReceived(.request(9)) == .call(StreamID(9)))
        #expect(machine.ended(StreamID(1)) == true)
        #expect(machine.frameReceived(.request(11, .remoteClosed)) == .open(StreamID(11), remoteClosed: true))
    }

    @Test("ids must be odd and grow", arguments: [0, 2, 4, UInt32.max - 1])
    mutating func evenID(_ id: UInt32) {
        #expect(Self.code(machine.frameReceived(.request(id)), rejects: id) == .invalidArgument)
        #expect(Self.code(machine.frameReceived(.data(id)), rejects: id) == .invalidArgument)
    }

    @Test("an id that was used is refused, and ends the call or stream that has it")
    mutating func repeatedID() {
        #expect(machine.frameReceived(.request(5)) == .call(StreamID(5)))
        #expect(Self.code(machine.frameReceived(.request(5)), rejects: 5) == .invalidArgument)
        #expect(Self.code(machine.frameReceived(.request(3)), rejects: 3) == .invalidArgument)
        _ = machine.frameReceived(.request(7))
        #expect(machine.deferred(StreamID(7)) == nil)
        #expect(Self.code(machine.frameReceived(.request(7)), aborts: 7) == .invalidArgument)
    }

    @Test("the last id can be used")
    mutating func lastID() {
        #expect(machine.frameReceived(.request(.max)) == .call(StreamID(.max)))
        #expect(Self.code(machine.frameReceived(.request(.max)), rejects: .max) == .invalidArgument)
    }

    @Test("a response from a client ends the call or stream that has its id")
    mutating func responseFromClient() {
        _ = machine.frameReceived(.request(1, .remoteClosed))
        machine.opened(StreamID(1), remoteClosed: true)
        #expect(Self.code(machine.frameReceived(.response(1)), aborts: 1) == .invalidArgument)
        #expect(Self.code(machine.frameReceived(.response(3)), rejects: 3) == .invalidArgument)
    }

    @Test("a unary call takes no data")
    mutating func dataOnCall() {
        _ = machine.frameReceived(.request(1))
        #expect(machine.deferred(StreamID(1)) == nil)
        #expect(Self.code(machine.frameReceived(.data(1)), aborts: 1) == .invalidArgument)
    }

    @Test("a request cannot be open and closed at once")
    mutating func contradictoryFlags() {
        #expect(
            Self.code(machine.frameReceived(.request(1, [.remoteOpen, .remoteClosed])), rejects: 1) == .invalidArgument)
    }

    @Test("frames against the protocol close the connection in the end, unless good requests come between")
    mutating func violations() {
        for _ in 0..<3 { #expect(Self.code(machine.frameReceived(.response(1)), rejects: 1) == .invalidArgument) }
        #expect(machine.frameReceived(.request(1)) == .call(StreamID(1)))
        for _ in 0..<3 { #expect(Self.code(machine.frameReceived(.data(9)), rejects: 9) == .invalidArgument) }
        guard case .close = machine.frameReceived(.data(9)) else { return #expect(Bool(false), "not closed") }
    }

    @Test("requests that contradict themselves are violations, however high their ids")
    mutating func contradictoryFlood() {
        for id: UInt32 in [1, 3, 5] { _ = machine.frameReceived(.request(id, [.remoteOpen, .remoteClosed])) }
        guard case .close = machine.frameReceived(.request(7, [.remoteOpen, .remoteClosed])) else {
            return #expect(Bool(false), "not closed")
        }
    }

    @Test("data that crossed the end of its stream is answered, and never closes the connection")
    mutating func lateData() {
        _ = machine.frameReceived(.request(1, .remoteOpen))
        machine.opened(StreamID(1), remoteClosed: false)
        #expect(machine.ended(StreamID(1)) == true)
        for _ in 0..<100 { #expect(Self.code(machine.frameReceived(.data(1)), rejects: 1) == .invalidArgument) }
    }

    @Test("frames of unknown kinds are ignored, a few of them", arguments: [0, 4, 0xFF] as [UInt8])
    mutating func unknownType(_ type: UInt8) {
        let header = FrameHeader(dataByteCount: 0, streamID: StreamID(1), type: type, flags: FrameFlags())
        for _ in 0..<3 { #expect(machine.frameReceived(header) == .ignore) }
        guard case .close = machine.frameReceived(header) else { return #expect(Bool(false), "not closed") }
    }

    @Test("a draining server refuses what is new and goes on with what is not")
    mutating func drain() {
        _ = machine.frameReceived(.request(1, .remoteOpen))
        machine.opened(StreamID(1), remoteClosed: false)
        machine.drain()
        #expect(Self.code(machine.frameReceived(.request(3)), rejects: 3) == .unavailable)
        #expect(Self.code(machine.frameReceived(.request(5, .remoteClosed)), rejects: 5) == .unavailable)
        #expect(machine.frameReceived(.data(1)) == .data(StreamID(1), hasData: true, remoteClosed: false))
        #expect(machine.ended(StreamID(1)) == true)
        #expect(machine.isIdle)
    }

    @Test("the end of a connection's input closes every stream's half, and no call")
    mutating func inputEnded() {
        for id: UInt32 in [5, 7, 9] { _ = machine.frameReceived(.request(id, .remoteOpen)) }
        machine.opened(StreamID(7), remoteClosed: false)
        machine.opened(StreamID(5), remoteClosed: false)
        machine.opened(StreamID(9), remoteClosed: true)
        _ = machine.frameReceived(.request(11))
        #expect(machine.deferred(StreamID(11)) == nil)
        #expect(machine.inputEnded() == [StreamID(5), StreamID(7)])
        #expect(machine.inputEnded() == [])
        #expect((machine.callCount, machine.streamCount) == (1, 3))
        #expect(Self.code(machine.frameReceived(.data(5)), aborts: 5) == .invalidArgument)
    }
}

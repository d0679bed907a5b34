import TTRPCCore
import Testing

@Suite("The client's side of a connection")
struct ClientConnectionMachineTests {
    private var machine = ClientConnectionMachine()

    private static func closes(_ action: ClientConnectionMachine.OnFrame) -> Bool {
        if case .close = action { true } else { false }
    }

    @Test("ids are odd and grow, whatever they are for")
    mutating func ids() {
        #expect(machine.openUnary() == StreamID(1))
        #expect(machine.openStream(localClosed: true) == StreamID(3))
        #expect(machine.openStream(localClosed: false) == StreamID(5))
        machine.abandon(StreamID(3))
        #expect(machine.openUnary() == StreamID(7))
        #expect(machine.activeCount == 3)
    }

    @Test("a call ends with its response, and a second one is ignored")
    mutating func unary() {
        _ = machine.openUnary()
        #expect(machine.frameReceived(.response(1)) == .response(StreamID(1)))
        #expect(machine.activeCount == 0)
        #expect(machine.frameReceived(.response(1)) == .ignore)
    }

    @Test("a stream ends with its last data")
    mutating func streamEndsWithData() {
        _ = machine.openStream(localClosed: true)
        #expect(machine.frameReceived(.data(1)) == .data(StreamID(1), hasData: true, ended: false))
        #expect(machine.frameReceived(.data(1, byteCount: 0)) == .data(StreamID(1), hasData: true, ended: false))
        #expect(machine.frameReceived(.data(1, .lastData)) == .data(StreamID(1), hasData: false, ended: true))
        #expect(machine.activeCount == 0)
        #expect(machine.frameReceived(.data(1)) == .ignore)
    }

    @Test("a closing frame without a byte is a bare close, with or without the flag that says so")
    mutating func bareClose() {
        _ = machine.openStream(localClosed: true)
        let frame = FrameHeader.data(1, .remoteClosed, byteCount: 0)
        #expect(machine.frameReceived(frame) == .data(StreamID(1), hasData: false, ended: true))
    }

    @Test("a stream ends with a response")
    mutating func streamEndsWithResponse() {
        _ = machine.openStream(localClosed: false)
        #expect(machine.frameReceived(.response(1)) == .response(StreamID(1)))
        #expect(machine.activeCount == 0)
    }

    @Test("this side closes its half once, and sends nothing after it")
    mutating func closeLocally() {
        let open = machine.openStream(localClosed: false) ?? StreamID(0)
        let closed = machine.openStream(localClosed: true) ?? StreamID(0)
        let call = machine.openUnary() ?? StreamID(0)
        #expect([open, closed, call, StreamID(99)].map { machine.isSendable($0) } == [true, false, false, false])
        #expect(machine.closeLocally(open) == true)
        #expect(machine.closeLocally(open) == false)
        #expect(machine.closeLocally(closed) == false)
        #expect(machine.closeLocally(call) == false)
        #expect(!machine.isSendable(open))
        #expect(machine.frameReceived(.data(open.rawValue)) == .data(open, hasData: true, ended: false))
    }

    @Test("there is nothing to close once the server has ended the stream")
    mutating func closeAfterEnd() {
        _ = machine.openStream(localClosed: false)
        _ = machine.frameReceived(.response(1))
        #expect(!machine.isSendable(StreamID(1)))
        #expect(machine.closeLocally(StreamID(1)) == false)
    }

    @Test("what comes for a stream that was given up is ignored")
    mutating func abandoned() {
        _ = machine.openUnary()
        _ = machine.openStream(localClosed: true)
        machine.abandon(StreamID(1))
        machine.abandon(StreamID(3))
        #expect(machine.activeCount == 0)
        #expect(machine.frameReceived(.response(1)) == .ignore)
        #expect(machine.frameReceived(.data(3)) == .ignore)
    }

    @Test("a server that speaks of streams which were never opened is not to be trusted", arguments: [0, 2, 3, 4, 99])
    mutating func neverOpened(_ id: UInt32) {
        _ = machine.openUnary()
        #expect(Self.closes(machine.frameReceived(.response(id))))
        #expect(Self.closes(machine.frameReceived(.data(id))))
    }

    @Test("data for a call and requests from a server break the protocol")
    mutating func violations() {
        _ = machine.openUnary()
        #expect(Self.closes(machine.frameReceived(.data(1))))
        #expect(Self.closes(machine.frameReceived(.request(2))))
    }

    @Test("frames of unknown kinds are ignored")
    mutating func unknownType() {
        _ = machine.openUnary()
        let header = FrameHeader(dataByteCount: 0, streamID: StreamID(1), type: 9, flags: FrameFlags())
        #expect(machine.frameReceived(header) == .ignore)
        #expect(machine.activeCount == 1)
    }
}

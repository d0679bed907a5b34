package import LinuxSystem
package import TTRPCCore

/// A method whose calls are streams.
package protocol StreamMethod: Sendable {
    /// Opens a stream. The waker may be kept and used from any thread.
    ///
    /// - Throws: the status with which the stream is refused.
    func open(_ request: InboundRequest, waker: StreamWaker) throws(RPCStatus) -> any StreamSession
}

/// What a pull left behind.
package enum PullOutcome: Sendable {
    /// Nothing more now; ask again when woken, or at the instant. The stream may be asked earlier.
    case idle(until: LoopInstant?)
    /// There is more than fitted.
    case more
    /// The stream ends well, with its last data sent.
    case finished
    /// The stream ends well with one response, as a method does that streams in one direction only.
    case responded([UInt8])
    /// The stream ends with a status.
    case failed(RPCStatus)
}

/// One open stream, driven by its loop and confined to it: data is asked for when the socket takes it, so a stream
/// costs its session and never a queue.
package protocol StreamSession: AnyObject {
    /// The client sent a message. Valid only during the call.
    func received(_ message: UnsafeRawBufferPointer) throws(RPCStatus)
    /// The client closed its half, which the request had left open, or the sending half of the whole connection. Return
    /// true to end the stream well, with nothing more to say.
    func remoteClosed() -> Bool
    /// The socket takes data: write what there is, as long as the sink has room.
    func pull(into sink: StreamSink, now: LoopInstant) -> PullOutcome
    /// The server shuts down: say what must be said at the next pull, and finish.
    func drain()
    /// The peer has taken nothing for the write timeout, and its connection is about to be closed. Write the stream's last
    /// message, a short one; it follows what was written before. ``closed()`` comes next.
    ///
    /// - Returns: The status with which the stream ends.
    func cutOff(into sink: StreamSink) -> RPCStatus
    /// The stream is over, however it came to that. Called exactly once.
    func closed()
}

extension StreamSession {
    package func cutOff(into sink: StreamSink) -> RPCStatus {
        RPCStatus(.resourceExhausted, "The stream's messages were not read in time; open it anew, and read faster.")
    }
}

/// Where a stream writes its messages.
package struct StreamSink {
    let output: OutputBuffer
    var streamID: StreamID
    let limit: Int

    /// Whether another message should be written now. A single message may exceed the room that is left.
    package var hasRoom: Bool { output.count < limit }

    /// Writes one message. One over the frame limit of 4 MiB ends the stream with `RESOURCE_EXHAUSTED`.
    package func send(_ message: UnsafeRawBufferPointer) {
        output.appendFrame(.data, streamID, dataByteCount: message.count) { bytes in
            if message.count > 0 { bytes.copyMemory(from: message) }
        }
    }

    /// As ``send(_:)``, of two parts.
    package func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) {
        output.appendFrame(.data, streamID, dataByteCount: first.count + second.count) { bytes in
            if first.count > 0 { bytes.copyMemory(from: first) }
            if second.count > 0 {
                UnsafeMutableRawBufferPointer(rebasing: bytes[first.count...]).copyMemory(from: second)
            }
        }
    }
}

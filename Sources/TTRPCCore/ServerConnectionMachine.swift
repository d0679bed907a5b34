/// Bounds of one server connection (SPEC §8).
package struct ServerConnectionLimits: Hashable, Sendable {
    /// Unary calls in progress at once. One that is answered within its own frame never is.
    package var callsMax: Int
    /// Streams open at once.
    package var streamsMax: Int
    /// Frames against the protocol that a peer may send in a row, without one good request between, before the
    /// connection is closed. Data that may have crossed the end of its stream on the way is not among them.
    package var violationsMax: Int

    package init(callsMax: Int = 128, streamsMax: Int = 32, violationsMax: Int = 64) {
        self.callsMax = callsMax
        self.streamsMax = streamsMax
        self.violationsMax = violationsMax
    }
}

/// The server's side of one connection: which streams exist, and what a frame means for them.
///
/// Pure: it neither reads nor writes. A frame goes in, an action comes out. Whatever a peer sends, the outcome is an
/// error on that stream or the end of the connection, never a trap.
package struct ServerConnectionMachine: Sendable {
    /// Where a stream stands. A unary call that is answered within its own frame never enters the table.
    private enum StreamState: Sendable {
        /// A unary call that is being worked on. Ends with `responded`.
        case unary
        /// A stream on which the client may still send. Becomes `halfClosed`, or ends.
        case open
        /// A stream on which only the server sends. Ends with `responded` or `closedLocally`.
        case halfClosed
    }

    /// What a received frame asks of the shell.
    package enum OnFrame: Hashable, Sendable {
        /// A unary call: answer it now, or ask ``deferred(_:)`` first.
        case call(StreamID)
        /// A stream to open; `remoteClosed` says that the client sends no more. Follow with ``opened(_:remoteClosed:)``.
        case open(StreamID, remoteClosed: Bool)
        /// Data for an open stream, and whether it was the last.
        case data(StreamID, hasData: Bool, remoteClosed: Bool)
        /// An error on a stream that does not exist: answer it with the status.
        case reject(StreamID, RPCStatus)
        /// An error on a stream that does exist: end its handler and answer with the status.
        case abort(StreamID, RPCStatus)
        /// A frame of a kind that this version does not know.
        case ignore
        /// The peer does not keep to the protocol: close the connection.
        case close(String)
    }

    private let limits: ServerConnectionLimits
    private var streams: [StreamID: StreamState] = [:]
    private var lastStreamID: UInt32 = 0
    private var violations = 0
    private var isDraining = false
    /// Unary calls in progress.
    package private(set) var callCount = 0
    /// Streams open.
    package private(set) var streamCount = 0

    package init(limits: ServerConnectionLimits = ServerConnectionLimits()) {
        self.limits = limits
    }

    /// Nothing is in progress.
    package var isIdle: Bool { callCount == 0 && streamCount == 0 }

    /// Decides what a frame means.
    package mutating func frameReceived(_ header: FrameHeader) -> OnFrame {
        switch MessageType(rawValue: header.type) {
        case .request: return requestReceived(header)
        case .data: return dataReceived(header)
        case .response: return violation(header.streamID, "A client does not send responses.")
        case nil: return countViolation() ?? .ignore
        }
    }

    /// The unary call is to be answered later; returns the status that refuses it when too many are in progress.
    package mutating func deferred(_ id: StreamID) -> RPCStatus? {
        guard callCount < limits.callsMax else { return limitStatus("calls", limits.callsMax) }
        streams[id] = .unary
        callCount += 1
        return nil
    }

    /// The stream's handler took it.
    package mutating func opened(_ id: StreamID, remoteClosed: Bool) {
        streams[id] = remoteClosed ? .halfClosed : .open
        streamCount += 1
    }

    /// The server ended the stream, with a response or with its last data; false when it was gone already.
    package mutating func ended(_ id: StreamID) -> Bool {
        guard let state = streams.removeValue(forKey: id) else { return false }
        if case .unary = state { callCount -= 1 } else { streamCount -= 1 }
        return true
    }

    /// The peer closed the sending half of the whole connection, and so that of each stream: returns those on which it
    /// was still open, in the order of their ids.
    package mutating func inputEnded() -> [StreamID] {
        let open = streams.filter { if case .open = $0.value { true } else { false } }.keys.sorted()
        for id in open { streams[id] = .halfClosed }
        return open
    }

    /// From now on new calls and streams are refused; what is in progress goes on.
    package mutating func drain() { isDraining = true }

    private mutating func requestReceived(_ header: FrameHeader) -> OnFrame {
        let id = header.streamID
        guard id.rawValue % 2 == 1 else {
            return violation(id, "A client's stream ids are odd.")
        }
        guard id.rawValue > lastStreamID else {
            return violation(id, "A stream id must be greater than all before it on the connection.")
        }
        lastStreamID = id.rawValue
        let isOpen = header.flags.contains(.remoteOpen)
        let isHalfClosed = header.flags.contains(.remoteClosed)
        guard !(isOpen && isHalfClosed) else {
            return violation(id, "A request is either remote open or remote closed.")
        }
        violations = 0
        if isDraining {
            return .reject(id, RPCStatus(.unavailable, "The server is shutting down; connect again in a moment."))
        }
        if isOpen || isHalfClosed {
            guard streamCount < limits.streamsMax else {
                return .reject(id, limitStatus("streams", limits.streamsMax))
            }
            return .open(id, remoteClosed: isHalfClosed)
        }
        return .call(id)
    }

    private mutating func dataReceived(_ header: FrameHeader) -> OnFrame {
        let id = header.streamID
        switch streams[id] {
        case .open:
            let remoteClosed = header.flags.contains(.remoteClosed)
            if remoteClosed { streams[id] = .halfClosed }
            // Without the flag, no bytes are an empty message.
            return .data(id, hasData: header.carriesData, remoteClosed: remoteClosed)
        case .halfClosed:
            return violation(id, "The stream was closed for sending and takes no more data.")
        case .unary:
            return violation(id, "A unary call takes no data.")
        case nil where id.rawValue % 2 == 1 && id.rawValue <= lastStreamID:
            // It may have crossed the end of its stream on the way, any number of it, which is nobody's fault.
            return .reject(id, RPCStatus(.invalidArgument, "The stream has ended."))
        case nil:
            return violation(id, "The stream was never opened.")
        }
    }

    /// The error ends whatever has the id, for the client takes the answer to be its end.
    private mutating func violation(_ id: StreamID, _ message: String) -> OnFrame {
        if let close = countViolation() { return close }
        let status = RPCStatus(.invalidArgument, message)
        return streams[id] == nil ? .reject(id, status) : .abort(id, status)
    }

    private mutating func countViolation() -> OnFrame? {
        violations += 1
        return violations > limits.violationsMax ? .close("too many frames against the protocol") : nil
    }

    private func limitStatus(_ what: String, _ limit: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted,
            "This connection has \(limit) \(what) in progress, which is its limit; end one or open another connection.")
    }
}

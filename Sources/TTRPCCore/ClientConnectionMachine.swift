/// The client's side of one connection: which streams it opened, and what a frame means for them. Pure.
package struct ClientConnectionMachine: Sendable {
    private enum StreamState: Sendable {
        /// Waits for the one response.
        case unary
        /// The server may send data; `localClosed` once this side has closed its half.
        case streaming(localClosed: Bool)
    }

    /// What a received frame asks of the shell.
    package enum OnFrame: Hashable, Sendable {
        /// The response that ends a unary call or a stream; its data is the ttrpc response.
        case response(StreamID)
        /// Data for a stream, and whether it was the last.
        case data(StreamID, hasData: Bool, ended: Bool)
        /// A frame for a stream that this side has given up, or of an unknown kind.
        case ignore
        /// The server does not keep to the protocol: close the connection.
        case close(String)
    }

    private var streams: [StreamID: StreamState] = [:]
    private var nextStreamID: UInt32 = 1

    package init() {}

    /// Calls and streams in progress.
    package var activeCount: Int { streams.count }

    /// Takes the next stream id; nil when the connection has used them all up and must be replaced.
    package mutating func openUnary() -> StreamID? { open(.unary) }

    /// As ``openUnary()``, for a stream.
    package mutating func openStream(localClosed: Bool) -> StreamID? { open(.streaming(localClosed: localClosed)) }

    /// This side closes its half; false when there is nothing to close.
    package mutating func closeLocally(_ id: StreamID) -> Bool {
        guard case .streaming(localClosed: false) = streams[id] else { return false }
        streams[id] = .streaming(localClosed: true)
        return true
    }

    /// Whether this side may send data on the stream.
    package func isSendable(_ id: StreamID) -> Bool {
        if case .streaming(localClosed: false) = streams[id] { true } else { false }
    }

    /// Nobody waits for the stream any longer: what still comes for it is ignored.
    package mutating func abandon(_ id: StreamID) { streams[id] = nil }

    /// Decides what a frame means.
    package mutating func frameReceived(_ header: FrameHeader) -> OnFrame {
        let id = header.streamID
        switch MessageType(rawValue: header.type) {
        case .response:
            guard id.rawValue % 2 == 1, id.rawValue < nextStreamID else {
                return .close("a response to a stream that was never opened")
            }
            return streams.removeValue(forKey: id) == nil ? .ignore : .response(id)
        case .data:
            switch streams[id] {
            case .streaming:
                let ended = header.flags.contains(.remoteClosed)
                if ended { streams[id] = nil }
                // Without the flag, no bytes are an empty message.
                return .data(id, hasData: header.carriesData, ended: ended)
            case .unary:
                return .close("stream data for a unary call")
            case nil:
                guard id.rawValue % 2 == 1, id.rawValue < nextStreamID else {
                    return .close("data for a stream that was never opened")
                }
                return .ignore
            }
        case .request: return .close("a request from a server")
        case nil: return .ignore
        }
    }

    private mutating func open(_ state: StreamState) -> StreamID? {
        // The last odd id stays unused, so that the next one never overflows.
        guard nextStreamID < UInt32.max - 2 else { return nil }
        let id = StreamID(nextStreamID)
        nextStreamID += 2
        streams[id] = state
        return id
    }
}

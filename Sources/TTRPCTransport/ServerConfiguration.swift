package import LinuxSystem
package import TTRPCCore

/// The bounds of a server (SPEC §8). Every wait, buffer and table of the transport is one of these.
package struct ServerLimits: Hashable, Sendable {
    /// Connections in all.
    package var connectionsMax = 512
    /// Connections of one uid.
    package var connectionsPerUserMax = 64
    /// The last places, which only root gets.
    package var connectionsReservedForRoot = 4
    /// Calls and streams of one connection.
    package var connection = ServerConnectionLimits()
    /// Data bytes of one received frame.
    package var frameBytesMax = FrameDecoder.dataBytesLimit
    /// From the first byte of a frame to its last.
    package var frameTimeout = Duration.seconds(5)
    /// Without one byte written while some wait.
    package var writeTimeout = Duration.seconds(10)
    /// Without a call or a stream.
    package var idleTimeout = Duration.seconds(300)
    /// Bytes that wait for the socket of one connection; when more come on top of some, it is cut off. Only calls that
    /// are answered later can bring it there: while anything waits, no request is taken and no stream is asked.
    package var queuedBytesMax = 4 << 20
    /// Bytes of answers after which they are sent before the next request is taken.
    package var outputBytesPerWrite = 256 << 10
    /// The same for messages of streams, before the next is asked for. Half of what a socket holds, so that what waits for
    /// a peer which does not read fits once the socket's buffer is enlarged for its last words.
    package var streamBytesPerWrite = 128 << 10
    /// The longest that a call may take; also the deadline of a call that names none.
    package var callTimeoutMax = Duration.seconds(300)

    package init() {}

    /// No uid holds more than three quarters of all places.
    var connectionsOfOneUserMax: Int { min(connectionsPerUserMax, max(1, connectionsMax / 4 * 3)) }
}

/// Whether a peer may speak to the server at all.
package enum Admission: Hashable, Sendable {
    /// It may, and handlers read the tag.
    case admitted(tag: Int)
    /// It may not; its first call is answered with the status, and the connection closed.
    case refused(RPCStatus)
}

/// Why a connection was refused. There are few, so that each can be counted.
package enum ConnectionRefusal: String, CaseIterable, Hashable, Sendable {
    /// The peer may not speak to the server at all.
    case notAllowed = "not_allowed"
    /// The server has as many as it takes.
    case tooMany = "too_many"
    /// The peer's user has as many as one user may.
    case tooManyOfUser = "too_many_of_user"
}

/// What a server reports; called on a loop, so it must not block.
package protocol ServerObserver: Sendable {
    func connectionOpened(_ peer: PeerCredentials)
    func connectionClosed(_ peer: PeerCredentials, reason: String)
    func connectionRefused(_ peer: PeerCredentials, _ reason: ConnectionRefusal, status: RPCStatus)
    /// Streams were ended because nobody read them, and whether the peer will find that told when it reads on;
    /// `connectionClosed` follows.
    func streamsCutOff(_ peer: PeerCredentials, count: Int, told: Bool)
}

extension ServerObserver {
    package func streamsCutOff(_ peer: PeerCredentials, count: Int, told: Bool) {}
}

import LinuxSystem
import TTRPCCore
import TTRPCTransport

/// What happened in a server under test.
struct TestLog: Sendable {
    /// Unary calls that reached a method.
    var calls = 0
    /// Of those, the ones that asked for a large answer.
    var blobs = 0
    /// Deferred calls whose work has begun, has noticed its cancellation, and has ended.
    var begun = 0
    var cancelled = 0
    var finished = 0
    /// Answers that were given without decoding the request.
    var preparedAnswers = 0
    var streamsOpened = 0
    var streamsClosed = 0
    var streamsDrained = 0
    /// Streams that were told that their client sends no more.
    var remoteClosed = 0
    var connectionsOpened = 0
    /// Why connections ended, in that order.
    var closeReasons: [String] = []
    var refusals: [ConnectionRefusal] = []
    /// Whether the last words of streams that nobody read fitted, and of how many streams, for each connection cut off.
    var cutOffs: [CutOff] = []
    /// Lets the methods that wait for it answer.
    var isGateOpen = false

    var openStreams: Int { streamsOpened - streamsClosed }
    var openConnections: Int { connectionsOpened - closeReasons.count }
}

struct CutOff: Equatable, Sendable {
    var streams: Int
    var told: Bool
}

struct LoggingObserver: ServerObserver {
    let log: Watched<TestLog>

    func connectionOpened(_ peer: PeerCredentials) { log.update { $0.connectionsOpened += 1 } }

    func connectionClosed(_ peer: PeerCredentials, reason: String) { log.update { $0.closeReasons.append(reason) } }

    func connectionRefused(_ peer: PeerCredentials, _ reason: ConnectionRefusal, status: RPCStatus) {
        log.update { $0.refusals.append(reason) }
    }

    func streamsCutOff(_ peer: PeerCredentials, count: Int, told: Bool) {
        log.update { $0.cutOffs.append(CutOff(streams: count, told: told)) }
    }
}

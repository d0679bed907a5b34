import LinuxSystem
import TTRPCCore

/// One accepted connection: its socket, its machine, and what is on the way in and out. Confined to its loop.
///
/// Between two events it holds no buffer unless a frame or an answer is half way.
final class ServerConnection {
    /// A unary call that is answered later.
    struct Call {
        var task: Task<Void, Never>
        var timer: TimerID
    }

    /// An open stream. There may be ten thousands, so its properties stand in the order in which they take least memory.
    final class Stream {
        let session: any StreamSession
        /// When it is asked next by itself: at the instant it named, or earlier.
        var timer: (id: TimerID, instant: LoopInstant)?
        /// It is in ``ServerConnection/pullQueue``.
        var isQueued = false
        var hasEnded = false
        let id: StreamID

        init(id: StreamID, session: any StreamSession) {
            self.id = id
            self.session = session
        }
    }

    let index: Int
    /// Under which the loop knows it: its place, and a serial number above.
    let token: UInt64
    let peer: TTRPCPeer
    /// Set when the peer is only here to be told why it may not stay.
    let refusal: RPCStatus?
    /// Whether a place in the ledger is held.
    let holdsPlace: Bool
    /// Valid until ``closeSocket()``.
    let descriptor: Int32
    private var socket: OwnedDescriptor?
    var registration: Registration?
    var interest: ReadyEvents = .readable

    var machine: ServerConnectionMachine
    /// The beginning of a frame whose end has not come, or frames that wait for room in the output.
    var input: [UInt8] = []
    var output = PendingOutput()
    var calls: [StreamID: Call] = [:]
    /// Tasks that still work for the connection, those included whose calls are over.
    var taskCount = 0
    var streams = StreamTable<Stream>()
    /// Streams that may have something to say, in the order in which they get their turn.
    var pullQueue: [Stream] = []
    /// It waits for its turn in ``ServerLoop/pumpQueue``.
    var isPumpPlanned = false

    /// Requests wait because too much output does.
    var isPaused = false
    /// The peer sends no more.
    var inputEnded = false
    /// Close once the output is written.
    var closesWhenWritten = false
    var isClosed = false
    /// When the frame that is half way began.
    var frameStartedAt: LoopInstant?
    /// When the socket last took something while output waited.
    var writeProgressAt: LoopInstant?
    /// A call or stream was begun or ended since the connection was last looked over. The hot path reads no clock.
    var wasUsed = false
    /// When it was last found used.
    private var lastUsedAt: LoopInstant

    init(
        index: Int, serial: UInt32, socket: consuming OwnedDescriptor, peer: TTRPCPeer, refusal: RPCStatus?,
        holdsPlace: Bool,
        limits: ServerLimits, now: LoopInstant
    ) {
        self.index = index
        // The top bit stays clear, so that it is never one of the loop's own tokens.
        token = UInt64(serial & 0x7FFF_FFFF) << 32 | UInt64(index)
        descriptor = socket.rawValue
        self.socket = consume socket
        self.peer = peer
        self.refusal = refusal
        self.holdsPlace = holdsPlace
        machine = ServerConnectionMachine(limits: limits.connection)
        lastUsedAt = now
    }

    /// Lets go of the socket, and with it of the peer. The object may live on for a while in the task of a call.
    func closeSocket() { socket = nil }

    var isIdle: Bool { machine.isIdle && output.isEmpty }

    /// Nothing is left to do once the output is written.
    var isFinished: Bool { closesWhenWritten || inputEnded && machine.isIdle }

    /// Whether something must come to an end within seconds.
    var isUnderWatch: Bool { frameStartedAt != nil || writeProgressAt != nil || refusal != nil }

    /// Output has waited for the whole write timeout without one byte taken.
    func isStuck(at now: LoopInstant, limits: ServerLimits) -> Bool {
        writeProgressAt.map { now.duration(since: $0) >= limits.writeTimeout } ?? false
    }

    /// Looks the connection over: why it must end by now, if it must.
    func overdue(at now: LoopInstant, limits: ServerLimits) -> String? {
        if wasUsed { lastUsedAt = now }
        wasUsed = false
        if let started = frameStartedAt, now.duration(since: started) >= limits.frameTimeout {
            return "a frame was not finished in time"
        }
        if isStuck(at: now, limits: limits) { return "the peer does not read" }
        if refusal != nil, now.duration(since: lastUsedAt) >= limits.frameTimeout { return "refused" }
        if isIdle, now.duration(since: lastUsedAt) >= limits.idleTimeout { return "idle" }
        return nil
    }
}

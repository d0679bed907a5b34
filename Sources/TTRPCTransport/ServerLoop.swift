import LinuxSystem
import Locks
import ProtobufMessages
import Synchronization
import TTRPCCore

/// All connections of one event loop, and what they share: the read buffer, the output buffer and the arena.
///
/// The actor's executor is the loop, so the loop's callbacks reach its state without a hop, and everything here that is
/// not `async` runs to its end between two waits of the loop.
actor ServerLoop: EventLoopDelegate {
    /// Tokens of the loop that are no connection's index.
    enum Token {
        static let listener = UInt64.max - 1
        static let timer = UInt64.max - 2
        static let woken = UInt64.max - 3
        static let pump = UInt64.max - 4
        static let crowds = UInt64.max - 5
    }

    /// What is due at an instant.
    enum Deadline {
        case call(ServerConnection, StreamID)
        case pull(ServerConnection, StreamID)
        case sweep
        case acceptAgain
        case drainEnds
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let limits: ServerLimits
    let methods: MethodTable
    let ledger: ConnectionLedger
    let admit: @Sendable (PeerCredentials) -> Admission
    let observer: (any ServerObserver)?
    let decoder: FrameDecoder
    let arena = MessageArena()
    var prepared = PreparedCalls()
    /// Counts the loop's turns with something to read.
    var turn: UInt64 = 0
    let output = OutputBuffer()
    let readBuffer = ReadBuffer()

    var connections: [ServerConnection?] = []
    var freeIndices: [Int] = []
    var connectionCount = 0
    /// Counts connections; its lower bits tell apart those that had the same place.
    var nextSerial: UInt32 = 0
    /// Refused connections that wait for their first call, to be told why.
    var refusedCount = 0
    var deadlines = TimerHeap<Deadline>()
    var armedTimer: (id: TimerID, instant: LoopInstant)?
    var plannedSweep: (timer: TimerID, instant: LoopInstant)?
    var listener: UnixListener?
    var listenerRegistration: Registration?
    var tasksInFlight = 0
    var isDraining = false
    var drainWaiters: [CheckedContinuation<Void, Never>] = []
    /// Connections whose streams may have something to say, in the order in which they get their turn.
    var pumpQueue: [ServerConnection] = []
    /// Crowds that are being told, in their order. A stream is in one at a time, so their members are no more than streams.
    var crowds: [WaitingCrowd] = []
    /// What was last decided for members of one; kept for the next.
    var crowdTurns: [CrowdTurn] = []
    /// Streams that other threads have woken since the loop last looked.
    nonisolated let woken = Lock<Set<UInt64>>([])

    init(
        loop: EventLoop, limits: ServerLimits, methods: MethodTable, ledger: ConnectionLedger,
        admit: @escaping @Sendable (PeerCredentials) -> Admission, observer: (any ServerObserver)?
    ) {
        self.loop = loop
        self.limits = limits
        self.methods = methods
        self.ledger = ledger
        self.admit = admit
        self.observer = observer
        decoder = FrameDecoder(dataBytesMax: limits.frameBytesMax)
    }

    nonisolated var takesBatches: Bool { true }

    nonisolated func ready(_ batch: ReadyBatch) {
        assumeIsolated { server in
            server.turn &+= 1
            for index in 0..<batch.count { server.ready(batch[index]) }
        }
    }

    nonisolated func ready(_ token: UInt64, _ events: ReadyEvents) {
        assumeIsolated { $0.ready(ReadyEvent(token: token, events: events)) }
    }

    private func ready(_ event: ReadyEvent) {
        if event.token == Token.listener { return acceptConnections() }
        // The upper half tells a connection from the one that had its place when the event was fetched.
        let index = Int(truncatingIfNeeded: event.token & 0xFFFF_FFFF)
        guard let connection = connections[index], connection.token == event.token else { return }
        serve(connection, event.events)
    }

    nonisolated func timerFired(_ token: UInt64) {
        assumeIsolated { server in
            server.armedTimer = nil
            server.runDeadlines()
            server.armTimer()
        }
    }

    nonisolated func signalled(_ token: UInt64) {
        assumeIsolated { server in
            switch token {
            case Token.pump: server.pumpSlice()
            case Token.crowds: server.tellCrowds()
            default: server.wakeNoted()
            }
        }
    }

    /// Runs what is due, and no more than there is now: a deadline may set the next for the same instant.
    private func runDeadlines() {
        for _ in 0..<deadlines.count {
            guard let deadline = deadlines.removeFirst(dueAt: loop.now) else { return }
            reached(deadline)
        }
    }

    private func reached(_ deadline: Deadline) {
        switch deadline {
        case .call(let connection, let id): callTimedOut(connection, id)
        case .pull(let connection, let id):
            guard let stream = connection.streams[id] else { return }
            stream.timer = nil
            enqueue(stream, on: connection)
            planPump(connection)
        case .sweep: sweep()
        case .acceptAgain: resumeListening()
        case .drainEnds: endDrain()
        }
    }

    /// Sets a deadline, and the loop's one timer if it is now the earliest.
    func schedule(_ deadline: Deadline, at instant: LoopInstant) -> TimerID {
        let id = deadlines.insert(at: instant, deadline)
        armTimer()
        return id
    }

    /// Lets go of the timers, which keep this object alive, once nothing is left that they could concern.
    func forgetDeadlines() {
        deadlines = TimerHeap()
        plannedSweep = nil
        if let armedTimer { loop.cancelTimer(armedTimer.id) }
        armedTimer = nil
    }

    private func armTimer() {
        guard let next = deadlines.nextInstant else { return }
        if let armedTimer {
            guard next < armedTimer.instant else { return }
            loop.cancelTimer(armedTimer.id)
        }
        armedTimer = (loop.setTimer(at: next, token: Token.timer, delegate: self), next)
    }
}

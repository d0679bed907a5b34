import LinuxSystem
import TTRPCCore

// Connections come and go.
extension ServerLoop {
    /// How often connections are looked over while one of them must end something within seconds, and otherwise.
    private var closeWatch: Duration { min(.milliseconds(250), limits.frameTimeout, limits.writeTimeout) }
    private var idleWatch: Duration { min(.seconds(15), limits.idleTimeout) }
    /// After the descriptors have run out.
    private static let acceptPause = Duration.milliseconds(250)
    /// Refused connections kept at once to be told why; more are closed without a word.
    private static let refusedMax = 16
    /// Connections accepted in one turn, so that those which are there are served too.
    private static let acceptsPerTurn = 64

    func listen(on listener: UnixListener) throws(SystemError) {
        precondition(listenerRegistration == nil, "A server listens on one socket")
        self.listener = listener
        listenerRegistration = try loop.watch(
            listener.descriptor, for: .readable, token: Token.listener, delegate: self)
    }

    func resumeListening() {
        guard let listener, !isDraining, listenerRegistration == nil else { return }
        do throws(SystemError) { try listen(on: listener) } catch { pauseListening() }
    }

    private func pauseListening() {
        if let listenerRegistration { loop.forget(listenerRegistration) }
        listenerRegistration = nil
        _ = schedule(.acceptAgain, at: loop.now.advanced(by: Self.acceptPause))
    }

    func acceptConnections() {
        for _ in 0..<Self.acceptsPerTurn {
            do throws(SystemError) {
                guard let socket = try listener?.accept() else { return }
                try add(socket)
            } catch {
                // Out of descriptors or memory: what waits stays in the backlog, and the loop does not spin on it.
                pauseListening()
                return
            }
        }
    }

    /// Takes over a connected socket.
    func add(_ socket: consuming OwnedDescriptor) throws(SystemError) {
        let credentials = try PeerCredentials(of: socket.rawValue)
        var (tag, refusal): (Int, ConnectionLedger.Refusal?) = (0, nil)
        // The groups matter now and never again.
        switch admit(credentials.withGroups(of: socket.rawValue)) {
        case .admitted(let admitted): tag = admitted
        case .refused(let status): refusal = ConnectionLedger.Refusal(reason: .notAllowed, status: status)
        }
        if refusal == nil { refusal = ledger.enter(credentials) }
        if let refusal {
            observer?.connectionRefused(credentials, refusal.reason, status: refusal.status)
            guard refusedCount < Self.refusedMax else { return }
            refusedCount += 1
        } else {
            observer?.connectionOpened(credentials)
        }
        let index = freeIndices.popLast() ?? connections.count
        if index == connections.count { connections.append(nil) }
        let connection = ServerConnection(
            index: index, serial: nextSerial, socket: socket, peer: TTRPCPeer(credentials: credentials, tag: tag),
            refusal: refusal?.status, holdsPlace: refusal == nil, limits: limits, now: loop.now)
        if isDraining { connection.machine.drain() }
        nextSerial &+= 1
        connections[index] = connection
        connectionCount += 1
        do {
            connection.registration = try loop.watch(
                connection.descriptor, for: .readable, token: connection.token, delegate: self)
        } catch {
            close(connection, "cannot be watched")
            throw error
        }
        watchDeadlines(of: connection)
    }

    /// Ends a connection and everything on it.
    func close(_ connection: ServerConnection, _ reason: String) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        if let registration = connection.registration { loop.forget(registration) }
        connection.registration = nil
        for (_, call) in connection.calls {
            call.task.cancel()
            deadlines.remove(call.timer)
        }
        let streams = connection.streams.all
        connection.calls = [:]
        connection.streams = StreamTable<ServerConnection.Stream>()
        for stream in streams {
            if let timer = stream.timer { deadlines.remove(timer.id) }
            stream.hasEnded = true
            stream.session.closed()
        }
        connection.pullQueue = []
        connection.input = []
        connection.output = PendingOutput()
        connection.closeSocket()
        connections[connection.index] = nil
        freeIndices.append(connection.index)
        connectionCount -= 1
        if connection.holdsPlace {
            ledger.leave(connection.peer.credentials)
            observer?.connectionClosed(connection.peer.credentials, reason: reason)
        } else {
            refusedCount -= 1
        }
        drainedIfIdle()
    }

    /// Looks for connections that have overstayed, and comes again: soon while one of them is under watch.
    func sweep() {
        plannedSweep = nil
        for case let connection? in connections {
            if connection.isStuck(at: loop.now, limits: limits) { cutOffUnlessRead(connection) }
            guard !connection.isClosed else { continue }
            if let reason = connection.overdue(at: loop.now, limits: limits) { close(connection, reason) }
        }
        let isUnderWatch = connections.contains { $0?.isUnderWatch ?? false }
        if connectionCount > 0 { sweep(within: isUnderWatch ? closeWatch : idleWatch) }
    }

    func watchDeadlines(of connection: ServerConnection) {
        sweep(within: connection.isUnderWatch ? closeWatch : idleWatch)
    }

    private func sweep(within delay: Duration) {
        let instant = loop.now.advanced(by: delay)
        if let plannedSweep {
            guard instant < plannedSweep.instant else { return }
            deadlines.remove(plannedSweep.timer)
        }
        plannedSweep = (schedule(.sweep, at: instant), instant)
    }

    // Draining.

    /// Takes no new connections and calls, lets what runs go on for as long as `grace`, and closes everything then. A task
    /// of a call that does not heed its cancellation is not waited for.
    func drain(within grace: Duration) async {
        isDraining = true
        if let listenerRegistration { loop.forget(listenerRegistration) }
        listenerRegistration = nil
        listener = nil
        for case let connection? in connections {
            connection.machine.drain()
            for stream in connection.streams.all { stream.session.drain() }
            wakeStreams(of: connection)
        }
        if !isDrained {
            let alarm = schedule(.drainEnds, at: LoopInstant.now().advanced(by: grace))
            await withCheckedContinuation { drainWaiters.append($0) }
            deadlines.remove(alarm)
        }
        for case let connection? in connections { close(connection, "shutting down") }
        forgetDeadlines()
    }

    private var isDrained: Bool {
        tasksInFlight == 0 && connections.allSatisfy { $0?.isIdle ?? true }
    }

    func drainedIfIdle() {
        if isDraining, isDrained { endDrain() }
    }

    func endDrain() {
        let waiters = drainWaiters
        drainWaiters = []
        for waiter in waiters { waiter.resume() }
    }
}

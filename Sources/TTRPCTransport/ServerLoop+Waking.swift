package import LinuxSystem
import Locks
import Synchronization
import TTRPCCore

/// Tells a stream's loop that the stream may have data. Calls before the loop looks count as one.
package struct StreamWaker: Sendable {
    let server: ServerLoop
    fileprivate let token: UInt64

    init(server: ServerLoop, connectionIndex: Int, streamID: StreamID) {
        self.server = server
        // An index reused by another connection costs that one a needless pull, and nothing else.
        token = UInt64(connectionIndex) << 32 | UInt64(streamID.rawValue)
    }

    /// Orders streams so that those of one connection are neighbours. No two open streams of a loop have the same.
    package var order: UInt64 { token }

    /// The loop on which the stream lives.
    package var loop: EventLoop { server.loop }

    /// Asks the stream for data soon. From any thread; on its loop nothing is asked before the caller returns.
    package func wake() {
        if server.loop.isCurrent {
            server.assumeIsolated { $0.wakeStream(token) }
        } else {
            server.noteWoken(token)
        }
    }

    /// Asks the stream for data at once, unless its socket takes none. On the stream's loop only, and not within a pull.
    package func pullNow() { server.assumeIsolated { $0.pullStream(token) } }
}

// Who gets a turn when.
extension ServerLoop {
    /// Streams asked for data in one go: whoever reads waits for no more than these, a fraction of a millisecond.
    static let pullsPerSlice = 64
    /// Places of the queue that are kept when it is empty.
    private static let pumpQueueKept = 256

    /// From another thread. There are as many tokens as streams at most.
    nonisolated func noteWoken(_ token: UInt64) {
        let isFirst = woken.withLock { woken in
            defer { woken.insert(token) }
            return woken.isEmpty
        }
        if isFirst { loop.signal(self, token: Token.woken) }
    }

    func wakeNoted() {
        let tokens = woken.withLock { woken in
            defer { woken = [] }
            return woken
        }
        for token in tokens { wakeStream(token) }
    }

    func wakeStream(_ token: UInt64) {
        guard let (connection, stream) = stream(token) else { return }
        enqueue(stream, on: connection)
        planPump(connection)
    }

    func pullStream(_ token: UInt64) {
        guard let (connection, stream) = stream(token) else { return }
        enqueue(stream, on: connection)
        pump(connection)
    }

    private func stream(_ token: UInt64) -> (ServerConnection, ServerConnection.Stream)? {
        let index = Int(token >> 32)
        guard index < connections.count, let connection = connections[index],
            let stream = connection.streams[StreamID(UInt32(truncatingIfNeeded: token))]
        else { return nil }
        return (connection, stream)
    }

    /// Gives a connection a turn, after those that wait for one.
    func planPump(_ connection: ServerConnection) {
        guard !connection.isPumpPlanned else { return }
        connection.isPumpPlanned = true
        pumpQueue.append(connection)
        if pumpQueue.count == 1 { loop.signal(self, token: Token.pump) }
    }

    /// Serves the connections that wait for a turn, a slice of them at a time: what came in meanwhile is read in between.
    func pumpSlice() {
        // Who queues up again waits for the next slice.
        let waiting = pumpQueue.count
        var (served, pulls) = (0, 0)
        while served < waiting, pulls < Self.pullsPerSlice {
            let connection = pumpQueue[served]
            connection.isPumpPlanned = false
            served += 1
            pulls += max(1, connection.pullQueue.count)
            pump(connection)
        }
        pumpQueue.removeFirst(served)
        guard pumpQueue.isEmpty else { return loop.signal(self, token: Token.pump) }
        if pumpQueue.capacity > Self.pumpQueueKept { pumpQueue = [] }
    }
}

package import LinuxSystem
import TTRPCCore

/// A ttrpc server over Unix sockets: one or more event loops, and the connections on them.
package final class TTRPCServer: Sendable {
    private let loops: [ServerLoop]
    private let ledger: ConnectionLedger

    /// - Parameters:
    ///   - methods: What the server offers.
    ///   - limits: The bounds of all that a peer can make it hold or wait for.
    ///   - loops: Each with its own thread, started by the caller. A connection lives on one of them for life.
    ///   - observer: Hears of connections.
    ///   - admit: Decides about a peer, once, when it is accepted.
    package init(
        methods: MethodTable, limits: ServerLimits = ServerLimits(), loops: [EventLoop],
        observer: (any ServerObserver)? = nil,
        admit: @escaping @Sendable (PeerCredentials) -> Admission = { _ in .admitted(tag: 0) }
    ) {
        precondition(!loops.isEmpty, "A server needs a loop to live on")
        let ledger = ConnectionLedger(limits: limits)
        self.ledger = ledger
        self.loops = loops.map { loop in
            ServerLoop(
                loop: loop, limits: limits, methods: methods, ledger: ledger, admit: admit, observer: observer)
        }
    }

    /// Begins to accept connections. A server listens on one socket, until ``drain(within:)``.
    ///
    /// - Throws: ``SystemError`` when the kernel refuses to watch the listener.
    package func listen(on listener: UnixListener) async throws(SystemError) {
        for loop in loops { try await loop.listen(on: listener) }
    }

    /// Serves one end of a connected pair of sockets, whose other end a client of this process holds.
    package func serve(pairEnd descriptor: Int32) async throws(SystemError) {
        try await loops[0].add(OwnedDescriptor(owning: descriptor))
    }

    /// Connections that hold a place.
    package var connectionCount: Int { ledger.count }

    /// Accepts nothing new, gives what runs the grace, then closes every connection. The loops go on, and can be stopped
    /// after it. A server that is not drained lives as long as its loops do.
    package func drain(within grace: Duration) async {
        await withTaskGroup { group in
            for loop in loops { group.addTask { await loop.drain(within: grace) } }
        }
    }
}

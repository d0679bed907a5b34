import Glibc
import LinuxSystem
import Locks
import Synchronization
import TTRPCCore
import TTRPCTransport

/// A server of the test methods with loops of its own, and its clients.
final class TestServer: Sendable {
    let log = Watched(TestLog())
    let ticker = Ticker()
    let server: TTRPCServer
    private let loops: [EventLoop]
    private let clientLoop: EventLoop
    private let clients = Lock<[ClientConnection]>([])
    private let peers = Lock<[RawPeer]>([])

    init(
        _ limits: ServerLimits, loopCount: Int, admit: @escaping @Sendable (PeerCredentials) -> Admission
    ) throws {
        var methods = MethodTable()
        UnaryTestMethods.add(to: &methods, log: log)
        StreamTestMethods.add(to: &methods, log: log, ticker: ticker)
        TownSquare().add(to: &methods, log: log)
        loops = try (0..<loopCount).map { _ in try EventLoop() }
        clientLoop = try EventLoop()
        server = TTRPCServer(
            methods: methods, limits: limits, loops: loops, observer: LoggingObserver(log: log), admit: admit)
        for loop in loops { try loop.start(name: "test-server") }
        try clientLoop.start(name: "test-client")
    }

    /// A client over a pair of sockets.
    func client(limits: ClientConnection.Limits = .init()) async throws -> ClientConnection {
        let (mine, theirs) = try UnixSocket.pair()
        try await server.serve(pairEnd: theirs)
        let client = ClientConnection(owning: mine, loop: clientLoop, limits: limits)
        try await client.start()
        clients.withLock { $0.append(client) }
        return client
    }

    /// A client over a path.
    func client(path: String) async throws -> ClientConnection {
        let client = try await ClientConnection.connect(to: path, loop: clientLoop)
        clients.withLock { $0.append(client) }
        return client
    }

    /// A peer that does as it likes, over a pair of sockets. What it sends first is there before the server looks; and
    /// one that calls a method calls it anew whenever it is answered. One that sleeps does not even learn of the end,
    /// before it is started.
    func peer(
        sending first: [UInt8] = [], calling method: String? = nil, reads: Bool = true, sleeps: Bool = false
    ) async throws -> RawPeer {
        let (mine, theirs) = try UnixSocket.pair()
        let peer = RawPeer(owning: mine, loop: clientLoop, reads: reads)
        peers.withLock { $0.append(peer) }
        if !sleeps { try await peer.start() }
        await peer.send(first)
        if let method { await peer.keepCalling(method) }
        try await server.serve(pairEnd: theirs)
        return peer
    }

    /// Both ends of a connection of which the test plays the server.
    func clientOfPeer(limits: ClientConnection.Limits = .init()) async throws -> (ClientConnection, RawPeer) {
        let (mine, theirs) = try UnixSocket.pair()
        let peer = RawPeer(owning: theirs, loop: clientLoop)
        try await peer.start()
        let client = ClientConnection(owning: mine, loop: clientLoop, limits: limits)
        try await client.start()
        clients.withLock { $0.append(client) }
        peers.withLock { $0.append(peer) }
        return (client, peer)
    }

    func openGate() { log.update { $0.isGateOpen = true } }

    fileprivate func shutDown() async {
        await server.drain(within: .zero)
        openGate()
        for client in clients.withLock(\.self) { await client.close() }
        for peer in peers.withLock(\.self) { await peer.close() }
        // Nothing may be left of all that was ever begun.
        await log.wait { $0.openStreams == 0 && $0.begun == $0.finished && $0.openConnections == 0 }
        for loop in loops + [clientLoop] { loop.stop() }
    }
}

/// Runs a test against a server, and takes everything down after it.
func withServer<Output>(
    _ limits: ServerLimits = ServerLimits(), loopCount: Int = 1,
    admit: @escaping @Sendable (PeerCredentials) -> Admission = { _ in .admitted(tag: 0) },
    _ body: (TestServer) async throws -> Output
) async throws -> Output {
    let server = try TestServer(limits, loopCount: loopCount, admit: admit)
    let result: Result<Output, any Error>
    do { result = .success(try await body(server)) } catch { result = .failure(error) }
    await server.shutDown()
    return try result.get()
}

extension ClientConnection {
    func call(_ method: String, _ payload: [UInt8] = [], timeout: Duration? = nil) async throws(RPCStatus) -> [UInt8] {
        try await call(service: "test.Calls", method: method, payload: payload, timeout: timeout)
    }

    func open(_ method: String, _ payload: [UInt8] = [], remoteOpen: Bool = false) throws(RPCStatus) -> ClientStream {
        try openStream(service: "test.Streams", method: method, payload: payload, remoteOpen: remoteOpen)
    }
}

extension ClientStream {
    /// All messages up to the end.
    func messages() async throws(RPCStatus) -> [[UInt8]] {
        var all: [[UInt8]] = []
        while let message = try await next() { all.append(message) }
        return all
    }
}

/// The status that a call throws; nil when it does not.
func status(_ body: () async throws -> Void) async -> RPCStatus? {
    do { try await body() } catch { return error as? RPCStatus }
    return nil
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

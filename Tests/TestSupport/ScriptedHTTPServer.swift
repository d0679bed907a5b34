import Glibc
import Locks
import Synchronization

/// A server on a loopback port that answers each request with the bytes its script says, right or wrong.
///
/// One thread accepts, one thread serves each connection. Nothing sleeps: whoever pauses waits for the peer to go away.
package final class ScriptedHTTPServer: Sendable {
    /// One thing done to a connection in answer to a request.
    package enum Step: Sendable {
        case send([UInt8])
        /// The same bytes again and again, until the count is reached or the peer goes away.
        case flood([UInt8], times: Int)
        /// A byte every ten milliseconds.
        case drip([UInt8])
        /// Nothing more, until the peer goes away or the server stops.
        case hang
        case close
        /// Breaks the connection off with a TCP reset.
        case reset
    }

    /// A request as it was read.
    package struct Request: Sendable {
        package var method: String
        package var target: String
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
        /// Which connection it came on, counted from 0.
        package var connection: Int

        /// All values of a field.
        package func values(of name: String) -> [String] {
            headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        }
    }

    package struct StartFailure: Error {
        package var step: String
        package var code: Int32
    }

    private struct Waiter {
        var isReady: @Sendable (State) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State: Sendable {
        var requests: [Request] = []
        var connectionCount = 0
        var openCount = 0
        var openCountMax = 0
    }

    package let port: UInt16
    private let listener: Int32
    /// A pipe that nobody writes to; its reading end wakes every thread for good once the writing end is closed.
    private let stopSignal: Int32
    private let stopHandle: Lock<Int32?>
    private let script: @Sendable (Request) -> [Step]
    private let state = Lock(State())
    private let waiters = Lock<[Waiter]>([])

    /// Listens on a free port of 127.0.0.1.
    package init(script: @escaping @Sendable (Request) -> [Step]) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var ends: [Int32] = [-1, -1]
        let hasPipe = pipe(&ends) == 0
        stopSignal = ends[0]
        stopHandle = Lock(ends[1])
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (descriptor, length) = (listener, byteCount)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 128) == 0
                    && getsockname(descriptor, generic, &byteCount) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isBound, hasPipe else { throw StartFailure(step: "listen", code: errno) }
        try Self.startThread { self.acceptConnections() }
    }

    /// Answers every request alike.
    package convenience init(_ steps: [Step]) throws { try self.init { _ in steps } }

    package func url(_ target: String = "/", host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(target)" }

    package var requests: [Request] { state.withLock { $0.requests } }
    package var connectionCount: Int { state.withLock { $0.connectionCount } }
    /// The most connections that were open at a time.
    package var openConnectionCountMax: Int { state.withLock { $0.openCountMax } }

    /// Returns once that many requests have come in.
    package func waitForRequests(_ count: Int) async { await wait { $0.requests.count >= count } }

    /// Returns once every connection is closed.
    package func waitForNoConnection() async { await wait { $0.openCount == 0 } }

    /// Ends all threads; without it they go on until the process ends.
    package func stop() {
        let handle = stopHandle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let handle { close(handle) }
    }

    deinit { close(stopSignal) }

    private func wait(until isReady: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            waiters.withLock { $0.append(Waiter(isReady: isReady, continuation: continuation)) }
            change { _ in }
        }
    }

    @discardableResult
    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, now) = state.withLock { state in
            let value = body(&state)
            return (value, state)
        }
        let ready = waiters.withLock { waiters in
            let ready = waiters.filter { $0.isReady(now) }
            waiters.removeAll { $0.isReady(now) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
        return value
    }
}

extension ScriptedHTTPServer.Step {
    package static func text(_ text: String) -> Self { .send(Array(text.utf8)) }
}

/// Ready-made answers.
extension [ScriptedHTTPServer.Step] {
    /// A whole answer with its length, on a connection that stays open.
    package static func answer(
        _ status: Int = 200, headers: [(String, String)] = [], body: String = ""
    ) -> Self {
        let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return [.text("HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")]
    }

    package static func redirect(_ status: Int = 302, to location: String) -> Self {
        .answer(status, headers: [("Location", location)])
    }

    /// A whole answer in chunks.
    package static func chunked(_ chunks: [String]) -> Self {
        let pieces = (chunks + [""]).map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
        return [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(pieces)")]
    }
}

/// The threads.
extension ScriptedHTTPServer {
    private final class Work: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func startThread(_ run: @escaping @Sendable () -> Void) throws {
        let work = Unmanaged.passRetained(Work(run))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw StartFailure(step: "thread", code: code)
        }
        pthread_detach(thread)
    }

    private func acceptConnections() {
        defer { close(listener) }
        while waitUntilReadable(listener) {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { continue }
            let index = change { state in
                state.connectionCount += 1
                state.openCount += 1
                state.openCountMax = max(state.openCountMax, state.openCount)
                return state.connectionCount - 1
            }
            do {
                try Self.startThread {
                    self.serve(descriptor, index)
                    close(descriptor)
                    self.change { $0.openCount -= 1 }
                }
            } catch {
                close(descriptor)
                change { $0.openCount -= 1 }
            }
        }
    }

    private func serve(_ descriptor: Int32, _ index: Int) {
        var buffer: [UInt8] = []
        while let request = readRequest(descriptor, &buffer, index) {
            change { $0.requests.append(request) }
            for step in script(request) {
                guard perform(step, on: descriptor) else { return }
            }
        }
    }

    /// Returns whether the connection goes on.
    private func perform(_ step: Step, on descriptor: Int32) -> Bool {
        switch step {
        case .send(let bytes):
            return send(bytes, on: descriptor)
        case .flood(let bytes, let times):
            return (0..<times).allSatisfy { _ in send(bytes, on: descriptor) }
        case .drip(let bytes):
            return bytes.allSatisfy { send([$0], on: descriptor) && !peerGoesAway(descriptor, within: 10) }
        case .hang:
            _ = peerGoesAway(descriptor, within: -1)
            return false
        case .close:
            return false
        case .reset:
            var lingering = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
            return false
        }
    }

    private func send(_ bytes: [UInt8], on descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Whether the peer closed, or the server stops, within that many milliseconds; -1 waits for it. A client waits
    /// for its answer before it says more, so whatever can be read is the end.
    private func peerGoesAway(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        var polled = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
        ]
        return poll(&polled, 2, milliseconds) != 0
    }

    /// False once the server stops.
    private func waitUntilReadable(_ descriptor: Int32) -> Bool {
        var polled = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
        ]
        return poll(&polled, 2, -1) > 0 && polled[1].revents == 0
    }

    private func readRequest(_ descriptor: Int32, _ buffer: inout [UInt8], _ index: Int) -> Request? {
        while true {
            if let request = Self.parseRequest(&buffer, index) { return request }
            guard waitUntilReadable(descriptor) else { return nil }
            var part = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(descriptor, &part, part.count, 0)
            guard count > 0 else { return nil }
            buffer += part[0..<count]
        }
    }

    /// Takes the first whole request off the buffer.
    private static func parseRequest(_ buffer: inout [UInt8], _ index: Int) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        guard let headEnd = buffer.indices.first(where: { buffer[$0...].starts(with: end) }) else { return nil }
        var lines = String(decoding: buffer[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let start = lines.removeFirst().split(separator: " ")
        let headers = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        let bodyStart = headEnd + end.count
        guard buffer.count >= bodyStart + length else { return nil }
        let body = Array(buffer[bodyStart..<bodyStart + length])
        buffer.removeFirst(bodyStart + length)
        return Request(
            method: String(start[0]), target: start.count > 1 ? String(start[1]) : "", headers: headers, body: body,
            connection: index)
    }
}

import Glibc
import Locks
import Synchronization
import TestSupport

/// A running program. What it writes is gathered as it comes, and it does not outlive this object.
final class ProgramProcess: Sendable {
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// What is known of the process.
    struct State: Sendable {
        fileprivate(set) var outputBytes: [UInt8] = []
        fileprivate(set) var errorBytes: [UInt8] = []
        /// Set once it has ended and all of its output is here.
        fileprivate(set) var ending: Ending?

        var output: String { String(decoding: outputBytes, as: UTF8.self) }
        var errors: String { String(decoding: errorBytes, as: UTF8.self) }

        fileprivate mutating func append(_ bytes: ArraySlice<UInt8>, isError: Bool) {
            if isError {
                errorBytes += bytes.prefix(max(0, outputBytesMax - errorBytes.count))
            } else {
                outputBytes += bytes.prefix(max(0, outputBytesMax - outputBytes.count))
            }
        }
    }

    /// What a test hears that waited in vain.
    struct Disappointment: Error, CustomStringConvertible {
        let description: String
    }

    /// Kept of each stream; what comes after it is read and dropped, so that the program is never held up.
    static let outputBytesMax = 4 << 20

    let processID: pid_t
    private let name: String
    private let record = ProcessRecord()

    /// Starts a program, with these variables beside ``Program/environment``.
    init(path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        name = String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
        let (output, errors) = (try OutputStream(), try OutputStream())
        processID = try spawn(
            path: path, arguments, environment: Program.environment.merging(environment) { $1 },
            output: output.writingEnd, errors: errors.writingEnd)
        close(output.writingEnd)
        close(errors.writingEnd)
        startThread { [record, processID] in
            record.follow(processID, output: output.readingEnd, errors: errors.readingEnd)
        }
    }

    convenience init(_ program: Program, _ arguments: [String], environment: [String: String] = [:]) throws {
        try self.init(path: program.path, arguments, environment: environment)
    }

    deinit { send(SIGKILL) }

    var state: State { record.state }

    /// Sends a signal, unless the process has ended.
    func send(_ signal: Int32) { record.send(signal, to: processID) }

    /// Waits until the condition holds, and gives the state in which it does. The test's time limit ends the wait.
    ///
    /// - Throws: ``Disappointment`` when the process ends or the task is cancelled without that.
    @discardableResult
    func wait(
        for what: String, until condition: @escaping @Sendable (State) -> Bool
    ) async throws -> State {
        let state = await record.wait { condition($0) || $0.ending != nil }
        guard let state, condition(state) else { throw disappointment(what, state) }
        return state
    }

    /// Waits until it has written the text to its standard error.
    func waitForError(_ text: String) async throws {
        try await wait(for: "\"\(text)\"") { $0.errors.contains(text) }
    }

    /// Waits for its end.
    @discardableResult
    func finish() async throws -> State { try await wait(for: "its end") { $0.ending != nil } }

    private func disappointment(_ what: String, _ ended: State?) -> Disappointment {
        let state = ended ?? self.state
        let end = ended?.ending.map { "it ended (\($0))" } ?? "its time was over"
        return Disappointment(
            description: "waited for \(what) of \(name), and \(end); it said:\n\(state.output)\(state.errors)")
    }
}

/// What the thread that follows a process writes, and tests wait for.
private final class ProcessRecord: Sendable {
    private struct Waiter {
        var condition: @Sendable (ProgramProcess.State) -> Bool
        var continuation: CheckedContinuation<ProgramProcess.State?, Never>
    }

    private struct Content {
        var state = ProgramProcess.State()
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiterID: UInt64 = 0
    }

    private let content = Lock(Content())

    var state: ProgramProcess.State { content.withLock { $0.state } }

    /// A process that was waited for has no number any longer; so both happen under the lock.
    func send(_ signal: Int32, to processID: pid_t) {
        content.withLock { if $0.state.ending == nil { kill(processID, signal) } }
    }

    /// Nil once the task is cancelled.
    func wait(until condition: @escaping @Sendable (ProgramProcess.State) -> Bool) async -> ProgramProcess.State? {
        let id = content.withLock { content in
            content.lastWaiterID += 1
            return content.lastWaiterID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = content.withLock { content -> ProgramProcess.State?? in
                    if condition(content.state) { return content.state }
                    // Asked under the lock: a cancellation that comes later finds the waiter in its place.
                    if Task.isCancelled { return .some(nil) }
                    content.waiters[id] = Waiter(condition: condition, continuation: continuation)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            content.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: nil)
        }
    }

    /// Reads both streams to their end, then reaps the process. Blocks until it has ended.
    func follow(_ processID: pid_t, output: Int32, errors: Int32) {
        var polled = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while polled.contains(where: { $0.fd >= 0 }) {
            poll(&polled, nfds_t(polled.count), -1)
            for index in polled.indices where polled[index].revents != 0 {
                // A negative descriptor is passed over by poll(2).
                if !gather(from: polled[index].fd, isError: index == 1) { polled[index].fd = -1 }
            }
        }
        close(output)
        close(errors)
        reap(processID)
    }

    /// False at the end of the stream.
    private func gather(from descriptor: Int32, isError: Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 { return errno == EINTR }
        change { $0.append(buffer[..<count], isError: isError) }
        return count > 0
    }

    private func reap(_ processID: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        change { state in
            var status: Int32 = 0
            while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
            // wait(2): the low seven bits hold the signal, the next byte the exit status.
            let signal = status & 0x7F
            state.ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
        }
    }

    private func change(_ body: (inout ProgramProcess.State) -> Void) {
        let (state, ready) = content.withLock { content in
            body(&content.state)
            let ready = content.waiters.filter { [state = content.state] in $0.value.condition(state) }
            for id in ready.keys { content.waiters[id] = nil }
            return (content.state, ready.values.map(\.continuation))
        }
        for continuation in ready { continuation.resume(returning: state) }
    }
}

import CLinux
import Glibc

/// One run of a child, from its start to its end, on a thread that has nothing else to do.
package struct ChildRun: ~Copyable {
    /// The longest wait for anything, so that a clock that was set means little.
    private static let waitMillisecondsMax: Int64 = 60_000
    private static let chunkBytes = 64 << 10

    private let child: ChildProcess
    /// Readable once the child has ended.
    private let handle: OwnedDescriptor
    private let input: ChildStream
    private let output: ChildStream
    private let errors: ChildStream
    private let limits: ChildLimits
    private var cancellation: Int32
    private var timetable: ChildTimetable
    private var unwritten: ArraySlice<UInt8>
    private var keptOutput: KeptBytes
    private var keptErrors: KeptBytes

    /// Runs a program and returns when it has ended, which is at most the time limit and ``ChildLimits/grace`` later, unless
    /// the kernel cannot end it (a disk that hangs). The calling thread must block SIGPIPE.
    ///
    /// What the program has started and left behind is killed with it. A process that has left its group, as a daemon does, is
    /// not: nobody waits for it, and the system's first process has it from then on.
    ///
    /// - Parameters:
    ///   - command: What to run.
    ///   - limits: What it may cost.
    ///   - cancellation: A descriptor that is readable once the program shall end; -1 for none.
    /// - Returns: How it ended, and what it wrote.
    /// - Throws: ``ChildFailure`` where it could not be started, or the system refused something since; then it was killed.
    package static func run(
        _ command: ChildCommand, limits: ChildLimits = ChildLimits(), until cancellation: Int32 = -1
    ) throws(ChildFailure) -> ChildOutcome {
        var run = try ChildRun(command, limits, cancellation)
        do throws(SystemError) {
            var hasEnded = false
            while !hasEnded {
                if let signal = run.timetable.signal(at: .now()) { run.child.signal(signal) }
                hasEnded = try run.turn()
            }
            return try run.outcome()
        } catch {
            throw .lost(error)
        }
    }
}

extension ChildRun {
    private init(_ command: ChildCommand, _ limits: ChildLimits, _ cancellation: Int32) throws(ChildFailure) {
        let input: ChildPipe
        let output: ChildPipe
        let errors: ChildPipe
        let child: ChildProcess
        do throws(SystemError) {
            input = try ChildPipe(isInput: true)
            output = try ChildPipe(isInput: false)
            errors = try ChildPipe(isInput: false)
            child = try ChildProcess(starting: command, input: input, output: output, errors: errors)
        } catch {
            throw .notStarted(error)
        }
        let id = child.id
        do throws(SystemError) {
            handle = OwnedDescriptor(
                owning: Int32(try SystemCalls.checked("pidfd_open") { telltale_process_descriptor(id) }))
        } catch {
            throw .lost(error)
        }
        self.child = child
        self.input = input.ours
        self.output = output.ours
        self.errors = errors.ours
        self.limits = limits
        self.cancellation = cancellation
        timetable = ChildTimetable(from: .now(), timeLimit: command.timeLimit, grace: limits.grace)
        unwritten = command.input[...]
        keptOutput = KeptBytes(.first, bytesMax: limits.outputBytesMax)
        keptErrors = KeptBytes(.last, bytesMax: limits.errorBytesMax)
        if unwritten.isEmpty { self.input.close() }
    }

    /// Waits for something to do, and does it; whether the child has ended.
    private mutating func turn() throws(SystemError) -> Bool {
        var waits = [input, output, errors].map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        waits[0].events = Int16(POLLOUT)
        waits.append(pollfd(fd: handle.rawValue, events: Int16(POLLIN), revents: 0))
        waits.append(pollfd(fd: cancellation, events: Int16(POLLIN), revents: 0))
        let patience = patience
        try SystemCalls.checked("poll") { poll(&waits, nfds_t(waits.count), patience) }
        if waits[0].revents != 0 { try give() }
        if waits[1].revents != 0 { try Self.take(output, into: &keptOutput) }
        if waits[2].revents != 0 { try Self.take(errors, into: &keptErrors) }
        if waits[4].revents != 0 {
            timetable.interrupt(.cancelled)
            cancellation = -1
        }
        if keptOutput.total + keptErrors.total > limits.writtenBytesMax { timetable.interrupt(.flood) }
        return waits[3].revents != 0
    }

    /// Milliseconds, rounded up.
    private var patience: Int32 {
        guard let next = timetable.next else { return Int32(Self.waitMillisecondsMax) }
        let milliseconds = (next.nanoseconds - LoopInstant.now().nanoseconds + 999_999) / 1_000_000
        return Int32(min(max(milliseconds, 0), Self.waitMillisecondsMax))
    }

    /// Writes what the pipe takes. Whoever does not read it need not.
    private mutating func give() throws(SystemError) {
        let (descriptor, bytes) = (input.descriptor, unwritten)
        let written = SystemCalls.retrying("write") {
            bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }
        switch written {
        case .success(let count): unwritten = unwritten.dropFirst(count)
        case .failure(let error) where error.errno == EAGAIN: return
        case .failure(let error) where error.errno == EPIPE: unwritten = []
        case .failure(let error): throw error
        }
        if unwritten.isEmpty { input.close() }
    }

    /// Reads once; whether there was something.
    @discardableResult
    private static func take(_ stream: ChildStream, into kept: inout KeptBytes) throws(SystemError) -> Bool {
        guard stream.descriptor >= 0 else { return false }
        let transfer = withUnsafeTemporaryAllocation(byteCount: chunkBytes, alignment: 1) { buffer in
            let transfer = SystemCalls.read(stream.descriptor, into: buffer)
            if case .bytes(let count) = transfer { kept.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            return transfer
        }
        switch transfer {
        case .bytes: return true
        case .wouldBlock: return false
        case .endOfStream: stream.close()
        case .failed(let error): throw error
        }
        return false
    }

    /// What it has left in the pipes is its own. Its group goes first, and what is in none of it can write no more than the
    /// child itself could.
    private consuming func outcome() throws(SystemError) -> ChildOutcome {
        child.signal(SIGKILL)
        while keptOutput.total <= limits.writtenBytesMax, try Self.take(output, into: &keptOutput) {}
        while keptErrors.total <= limits.writtenBytesMax, try Self.take(errors, into: &keptErrors) {}
        return ChildOutcome(
            ending: child.end(), interruption: timetable.interruption, output: keptOutput.kept, errors: keptErrors.kept,
            isOutputCut: keptOutput.isCut, areErrorsCut: keptErrors.isCut)
    }
}

import CLinux
import Glibc

/// The system calls of the sockets, one thin function each: EINTR is retried here and nowhere else, and a call that
/// would block is a result and not an error.
package enum SystemCalls {
    /// How much was moved, or why nothing was.
    package enum Transfer: Equatable, Sendable {
        case bytes(Int)
        case wouldBlock
        case endOfStream
        case failed(SystemError)
    }

    /// Receives from a stream socket, without blocking. Shorter on its way through the kernel than `read`.
    package static func receive(_ socket: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        switch retrying("recv", { telltale_receive(socket, buffer.baseAddress, buffer.count) }) {
        case .success(0): .endOfStream
        case .success(let count): .bytes(count)
        case .failure(let error): error.errno == EAGAIN ? .wouldBlock : .failed(error)
        }
    }

    package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        let count = retrying("read") { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        return switch count {
        case .success(0): .endOfStream
        case .success(let count): .bytes(count)
        case .failure(let error): error.errno == EAGAIN ? .wouldBlock : .failed(error)
        }
    }

    package static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        switch retrying("send", { telltale_send(descriptor, bytes.baseAddress, bytes.count) }) {
        case .success(let count): .bytes(count)
        case .failure(let error): error.errno == EAGAIN ? .wouldBlock : .failed(error)
        }
    }

    /// Runs a call until it is not interrupted, and turns -1 into a ``SystemError``.
    @inline(__always)
    package static func retrying<Count: BinaryInteger>(
        _ function: StaticString, _ body: () -> Count
    ) -> Result<Int, SystemError> {
        while true {
            #if DEBUG
                if let injected = FaultPlan.next() {
                    if injected == EINTR { continue }
                    return .failure(SystemError(function: function.description, errno: injected))
                }
            #endif
            let result = body()
            if result >= 0 { return .success(Int(result)) }
            let code = errno
            if code != EINTR { return .failure(SystemError(function: function.description, errno: code)) }
        }
    }

    /// As ``retrying(_:_:)``, for callers that cannot go on without the call.
    @discardableResult
    package static func checked<Count: BinaryInteger>(
        _ function: StaticString, _ body: () -> Count
    ) throws(SystemError) -> Int {
        try retrying(function, body).get()
    }
}

#if DEBUG
    import Locks
    import Synchronization

    /// Makes the n-th system call of a thread fail, so that a test can try every n. Debug builds only.
    package enum FaultPlan {
        private struct Plan {
            var thread: pthread_t
            var callsUntilFault: Int
            var errno: Int32
            var faults: Int
        }

        private static let isArmed = Atomic<Bool>(false)
        private static let plan = Lock<Plan?>(nil)

        /// Runs `body`, in which the `n`-th call (from 0) of this thread fails with `errno`; says whether it came to that.
        package static func failing<Output>(
            call n: Int, errno: Int32, _ body: () throws -> Output
        ) rethrows -> (output: Output, reached: Bool) {
            plan.withLock { $0 = Plan(thread: pthread_self(), callsUntilFault: n, errno: errno, faults: 0) }
            isArmed.store(true, ordering: .releasing)
            defer {
                isArmed.store(false, ordering: .releasing)
                plan.withLock { $0 = nil }
            }
            let output = try body()
            return (output, plan.withLock { ($0?.faults ?? 0) > 0 })
        }

        static func next() -> Int32? {
            guard isArmed.load(ordering: .acquiring) else { return nil }
            return plan.withLock { plan in
                guard plan?.thread == pthread_self(), plan?.faults == 0 else { return nil }
                if plan?.callsUntilFault == 0 {
                    plan?.faults = 1
                    return plan?.errno
                }
                plan?.callsUntilFault -= 1
                return nil
            }
        }
    }
#endif

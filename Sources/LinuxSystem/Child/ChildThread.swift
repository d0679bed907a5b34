import CLinux
import Glibc

/// The thread of one child.
enum ChildThread {
    /// How large its stack may grow. Only what is used of it takes memory.
    private static let stackBytes = 512 << 10

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own with every signal blocked: SIGPIPE becomes an error of `write` there.
    static func run(
        _ body: @escaping @Sendable () -> Result<ChildOutcome, ChildFailure>
    ) async -> Result<ChildOutcome, ChildFailure> {
        await withCheckedContinuation { continuation in
            let error = start { continuation.resume(returning: body()) }
            guard error != 0 else { return }
            continuation.resume(
                returning: .failure(.notStarted(SystemError(function: "pthread_create", errno: error))))
        }
    }

    /// 0, or why there is no thread; then `body` is not run.
    private static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        let work = Unmanaged.passRetained(Work(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { context in
                var everySignal = sigset_t()
                sigfillset(&everySignal)
                pthread_sigmask(SIG_BLOCK, &everySignal, nil)
                telltale_name_thread(pthread_self(), "telltale-child")
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        if result == 0 { pthread_detach(thread) } else { work.release() }
        return result
    }
}

/// Tells the thread of a child that it shall end.
final class ChildCanceller: Sendable {
    /// Readable once it shall.
    let descriptor: Int32

    init() throws(SystemError) {
        descriptor = Int32(try SystemCalls.checked("eventfd") { telltale_eventfd() })
    }

    deinit { close(descriptor) }

    func cancel() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }
}

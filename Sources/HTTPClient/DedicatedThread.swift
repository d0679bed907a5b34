import Glibc

/// A thread of one's own, for a library that blocks.
enum DedicatedThread {
    private final class Work: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread with every signal blocked; false where the system grants none.
    ///
    /// Signals belong to the program's own handling. A blocked SIGPIPE besides turns a write to a closed connection
    /// inside OpenSSL into an error, which libcurl leaves to its user once its own signals are off.
    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        let work = Unmanaged.passRetained(Work(run))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                var everySignal = sigset_t()
                sigfillset(&everySignal)
                pthread_sigmask(SIG_BLOCK, &everySignal, nil)
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}

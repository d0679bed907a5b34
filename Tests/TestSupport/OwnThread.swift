import Glibc

/// Runs something that blocks on a thread of its own: the pool that tasks share has a thread per core, and a test that
/// waits for a silent server must not hold up the one that ends the silence.
package func onItsOwnThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        startThread { continuation.resume(returning: work()) }
    }
}

/// Starts a thread that ends with its work, and returns at once.
package func startThread(_ work: @escaping @Sendable () -> Void) {
    let job = Unmanaged.passRetained(Job(work))
    var thread = pthread_t()
    let error = pthread_create(&thread, nil, { Job.run($0) }, job.toOpaque())
    precondition(error == 0, "no thread to be had for a test")
    pthread_detach(thread)
}

private final class Job {
    private let work: () -> Void

    init(_ work: @escaping () -> Void) { self.work = work }

    static func run(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let pointer else { return nil }
        Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue().work()
        return nil
    }
}

#if THREAD_SANITIZER
    import Glibc

    /// The lock of builds for the thread sanitizer, which follows POSIX mutexes and cannot see into the standard library's.
    ///
    /// `@unchecked Sendable`: the value is only reached with the mutex held, as in `Mutex`, whose interface this is.
    package struct Lock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
        private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        private let value: UnsafeMutablePointer<Value>

        package init(_ initialValue: consuming sending Value) {
            mutex = .allocate(capacity: 1)
            value = .allocate(capacity: 1)
            pthread_mutex_init(mutex, nil)
            value.initialize(to: initialValue)
        }

        deinit {
            value.deinitialize(count: 1)
            pthread_mutex_destroy(mutex)
            value.deallocate()
            mutex.deallocate()
        }

        package borrowing func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            return try body(&value.pointee)
        }
    }
#else
    package import Synchronization

    /// The lock of this project: the standard library's.
    ///
    /// It has a name of its own only because the thread sanitizer takes what stands behind `Mutex` for races; a build for
    /// it (`-D THREAD_SANITIZER`, as `script/test --tsan` does) puts a POSIX mutex here.
    package typealias Lock = Mutex
#endif

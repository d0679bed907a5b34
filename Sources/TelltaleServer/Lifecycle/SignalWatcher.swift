import LinuxSystem

/// Turns signals into elements of a sequence, read on the event loop.
///
/// An actor on the loop, as everything is that the loop calls back.
actor SignalWatcher: EventLoopDelegate {
    /// Signals that arrive faster than they are taken are one.
    private static let pendingMax = 8

    nonisolated let signals: AsyncStream<Int32>
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let sink: AsyncStream<Int32>.Continuation
    private let descriptor: OwnedDescriptor
    private var registration: Registration?

    init(owning descriptor: Int32, loop: EventLoop) {
        self.descriptor = OwnedDescriptor(owning: descriptor)
        self.loop = loop
        (signals, sink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.pendingMax))
    }

    func start() throws(SystemError) {
        registration = try loop.watch(descriptor.rawValue, for: .readable, token: 0, delegate: self)
    }

    func stop() {
        if let registration { loop.forget(registration) }
        registration = nil
        sink.finish()
    }

    nonisolated func ready(_ token: UInt64, _ events: ReadyEvents) {
        assumeIsolated { watcher in
            while let signal = ProcessSignals.next(from: watcher.descriptor.rawValue) { watcher.sink.yield(signal) }
        }
    }

    nonisolated func timerFired(_ token: UInt64) {}

    nonisolated func signalled(_ token: UInt64) {}
}

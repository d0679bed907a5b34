import LinuxSystem

/// Tells the service manager that the loop which serves is alive, from that loop: when it hangs, the signs stop.
actor Watchdog: EventLoopDelegate {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let manager: ServiceManager
    private let interval: Duration

    init(loop: EventLoop, manager: ServiceManager, interval: Duration) {
        self.loop = loop
        self.manager = manager
        self.interval = interval
    }

    func start() { feed() }

    private func feed() {
        manager.notify("WATCHDOG=1")
        _ = loop.setTimer(at: LoopInstant.now().advanced(by: interval), token: 0, delegate: self)
    }

    nonisolated func timerFired(_ token: UInt64) { assumeIsolated { $0.feed() } }

    nonisolated func ready(_ token: UInt64, _ events: ReadyEvents) {}

    nonisolated func signalled(_ token: UInt64) {}
}

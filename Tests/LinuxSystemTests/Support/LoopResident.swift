import LinuxSystem

/// An actor that lives on a loop, to run code there.
actor LoopResident {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: EventLoop) { self.loop = loop }

    func run<Output: Sendable>(_ body: @Sendable (EventLoop) throws -> Output) rethrows -> Output {
        try body(loop)
    }
}

/// A loop that runs on a thread of its own until the test lets go of this.
final class RunningLoop: Sendable {
    let loop: EventLoop
    let resident: LoopResident

    init() throws(SystemError) {
        loop = try EventLoop()
        resident = LoopResident(loop)
        try loop.start(name: "test-loop")
    }

    deinit { loop.stop() }
}

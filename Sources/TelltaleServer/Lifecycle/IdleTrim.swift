import LinuxSystem
import StatusCore
import StatusEngine

/// Keeps a daemon small that nobody asks: once after the start, and whenever it has gone idle after a busy time.
struct IdleTrim {
    /// After the daemon has started, its first readers have usually been served by then.
    private static let first = Duration.seconds(1)
    private static let interval = Duration.seconds(30)

    let engine: StatusEngine
    let time: any TimeSource

    /// Runs until the task is cancelled.
    func run() async {
        var wait = Self.first
        var (counted, isTrimmed) = (engine.reads.total, false)
        while true {
            do { try await time.sleep(until: time.now.instant.advanced(by: wait)) } catch { return }
            let total = engine.reads.total
            let isIdle = total == counted
            if wait == Self.first || (isIdle && !isTrimmed) { ResidentMemory.trim() }
            (isTrimmed, counted, wait) = (isIdle, total, Self.interval)
        }
    }
}

import LinuxSystem
import StatusCore
import StatusEngine

/// Keeps a daemon small that nobody asks: soon after the start, and whenever it has gone idle after a busy time.
struct IdleTrim {
    /// A daemon that nobody has read for this long is idle. Trimming costs it a millisecond, and then not again before
    /// ``interval`` is over.
    private static let idleAfter = Duration.milliseconds(400)
    /// How often one that was trimmed is looked at.
    private static let interval = Duration.seconds(30)

    let engine: StatusEngine
    let time: any TimeSource

    /// Runs until the task is cancelled.
    func run() async {
        var (counted, isTrimmed) = (engine.reads.total, false)
        while true {
            let wait = isTrimmed ? Self.interval : Self.idleAfter
            do { try await time.sleep(until: time.now.instant.advanced(by: wait)) } catch { return }
            let total = engine.reads.total
            let isIdle = total == counted
            if isIdle, !isTrimmed { ResidentMemory.trim() }
            (isTrimmed, counted) = (isIdle, total)
        }
    }
}

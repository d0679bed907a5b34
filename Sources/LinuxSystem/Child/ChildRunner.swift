import Locks
import Synchronization

/// Why a child gave no outcome.
package enum ChildFailure: Error, Hashable, Sendable {
    /// As many run as may.
    case busy
    /// It could not be started; nothing was run.
    case notStarted(SystemError)
    /// The system failed us while it ran, and it was killed.
    case lost(SystemError)
}

/// Runs programs, each on a thread of its own, so that no loop and no pool waits for one.
package final class ChildRunner: Sendable {
    /// How many run at once.
    package static let childrenMax = 8

    private let childrenMax: Int
    private let limits: ChildLimits
    private let count = Lock(0)

    package init(childrenMax: Int = ChildRunner.childrenMax, limits: ChildLimits = ChildLimits()) {
        self.childrenMax = childrenMax
        self.limits = limits
    }

    /// Runs a program to its end (``ChildRun/run(_:limits:until:)``). When the task is cancelled the program is told to end,
    /// and its outcome says so.
    package func run(_ command: ChildCommand) async throws(ChildFailure) -> ChildOutcome {
        guard takePlace() else { throw .busy }
        defer { count.withLock { $0 -= 1 } }
        let canceller: ChildCanceller
        do throws(SystemError) {
            canceller = try ChildCanceller()
        } catch {
            throw .notStarted(error)
        }
        let limits = limits
        return try await withTaskCancellationHandler {
            await ChildThread.run {
                Result { () throws(ChildFailure) in
                    try ChildRun.run(command, limits: limits, until: canceller.descriptor)
                }
            }
        } onCancel: {
            canceller.cancel()
        }.get()
    }

    private func takePlace() -> Bool {
        count.withLock { count in
            guard count < childrenMax else { return false }
            count += 1
            return true
        }
    }
}

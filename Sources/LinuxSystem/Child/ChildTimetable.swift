import Glibc

/// When a child is told to end, and by which signal. It takes the time and sends nothing.
package struct ChildTimetable: Sendable {
    private enum Phase {
        case running
        /// SIGTERM was sent; SIGKILL follows then.
        case asked(until: LoopInstant)
        case killed
    }

    private let deadline: LoopInstant
    private let grace: Duration
    private var phase = Phase.running
    /// Why it was told to end; the first reason counts.
    package private(set) var interruption: ChildInterruption?

    package init(from now: LoopInstant, timeLimit: Duration, grace: Duration) {
        deadline = now.advanced(by: timeLimit)
        self.grace = grace
    }

    /// It shall end.
    package mutating func interrupt(_ reason: ChildInterruption) { interruption = interruption ?? reason }

    /// The signal that is due; nil when none is.
    package mutating func signal(at now: LoopInstant) -> Int32? {
        switch phase {
        case .running:
            if now >= deadline { interrupt(.timeLimit) }
            guard interruption != nil else { return nil }
            phase = .asked(until: now.advanced(by: grace))
            return SIGTERM
        case .asked(let end):
            guard now >= end else { return nil }
            phase = .killed
            return SIGKILL
        case .killed:
            return nil
        }
    }

    /// When the next signal may be due; nil when there is none to come.
    package var next: LoopInstant? {
        switch phase {
        case .running: deadline
        case .asked(let end): end
        case .killed: nil
        }
    }
}

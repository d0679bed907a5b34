package import LinuxSystem

/// Why a line that something waits for is not written.
package enum LogFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody has read it in time. It waits in the queue, and is written when somebody does.
    case late
    /// It is not kept: the queue is full, or too many wait for theirs already, because nobody reads.
    case dropped
    /// The descriptor takes no more.
    case refused(SystemError)

    package var description: String {
        switch self {
        case .late: "nobody has read it yet"
        case .dropped: "nobody reads it, and its queue is full"
        case .refused(let error): error.description
        }
    }
}

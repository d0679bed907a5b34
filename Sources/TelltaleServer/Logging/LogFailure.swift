package import LinuxSystem

/// Why a line that something waits for is not written.
package enum LogFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The queue is full, or nobody read in time. Lines that the queue took are written later.
    case unread
    /// The descriptor takes no more.
    case refused(SystemError)

    package var description: String {
        switch self {
        case .unread: "nobody reads it"
        case .refused(let error): error.description
        }
    }
}

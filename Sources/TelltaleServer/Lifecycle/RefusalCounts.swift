import Locks
package import StatusModel
import Synchronization
import TTRPCTransport

/// How many connections were refused since the daemon started, by reason.
package final class RefusalCounts: Sendable {
    private let counts = Lock<[ConnectionRefusal: UInt64]>([:])

    package init() {}

    func note(_ reason: ConnectionRefusal) { counts.withLock { $0[reason, default: 0] += 1 } }

    /// Each reason that there is, in an order that never changes.
    package var all: [RefusedConnections] {
        let counts = counts.withLock(\.self)
        return ConnectionRefusal.allCases.map { RefusedConnections(reason: $0.rawValue, count: counts[$0] ?? 0) }
    }
}

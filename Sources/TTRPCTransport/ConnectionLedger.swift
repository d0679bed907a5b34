package import LinuxSystem
import Locks
import Synchronization
package import TTRPCCore

/// Counts connections per user and in all, over every loop of a server.
package final class ConnectionLedger: Sendable {
    /// Why there is no place, and what the peer is told.
    package struct Refusal: Hashable, Sendable {
        package var reason: ConnectionRefusal
        package var status: RPCStatus
    }

    private struct Counts {
        var total = 0
        var byUser: [UInt32: Int] = [:]
    }

    private let counts = Lock(Counts())
    private let limits: ServerLimits

    package init(limits: ServerLimits) { self.limits = limits }

    package var count: Int { counts.withLock { $0.total } }

    /// Takes a place for a peer, or says why there is none.
    package func enter(_ peer: PeerCredentials) -> Refusal? {
        counts.withLock { counts in
            let places = limits.connectionsMax - (peer.uid == 0 ? 0 : limits.connectionsReservedForRoot)
            guard counts.total < places else {
                return refusal(
                    .tooMany,
                    "The daemon has \(limits.connectionsMax) connections, which is its limit; try again in a moment.")
            }
            guard counts.byUser[peer.uid, default: 0] < limits.connectionsOfOneUserMax else {
                return refusal(
                    .tooManyOfUser,
                    "User \(peer.uid) has \(limits.connectionsOfOneUserMax) connections, which is the limit for one "
                        + "user; close one or share a connection.")
            }
            counts.total += 1
            counts.byUser[peer.uid, default: 0] += 1
            return nil
        }
    }

    private func refusal(_ reason: ConnectionRefusal, _ message: String) -> Refusal {
        Refusal(reason: reason, status: RPCStatus(.resourceExhausted, message))
    }

    package func leave(_ peer: PeerCredentials) {
        counts.withLock { counts in
            counts.total -= 1
            let left = (counts.byUser[peer.uid] ?? 1) - 1
            counts.byUser[peer.uid] = left > 0 ? left : nil
        }
    }
}

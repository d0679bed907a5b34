import Locks
import Synchronization

/// How much deeper a closure is called by and by: for what is called again and again and must not pile anything up.
package final class StackDepth: Sendable {
    private let addresses = Lock<(first: UInt, last: UInt)?>(nil)

    package init() {}

    /// To be called from the closure.
    package func note() {
        var mark: UInt8 = 0
        let address = withUnsafePointer(to: &mark) { UInt(bitPattern: $0) }
        addresses.withLock { $0 = ($0?.first ?? address, address) }
    }

    /// By how many bytes the newest call was deeper than the first; stacks grow downwards. Both on one thread.
    package var growthBytes: Int { addresses.withLock { $0.map { Int($0.first) - Int($0.last) } ?? 0 } }
}

import Locks
package import StatusCore
import Synchronization

// Breakers stand beneath the adapters, and outlive the daemon by way of the engine's saves (SPEC §4).
extension StatusEngine {
    /// A breaker has changed. From any thread, without waiting: the newest state of each is kept, soon.
    package nonisolated func noteBreaker(_ breaker: StoredBreaker) {
        changedBreakers.withLock { $0[[breaker.upstream, breaker.place]] = breaker }
        // It may find no place: then there are nudges to serve, and after each the engine looks for breakers as well.
        nudgeSink.yield(.breakers)
    }

    func keepBreakers() {
        let changed = changedBreakers.withLock { changed in
            defer { changed = [:] }
            return changed
        }
        for (place, breaker) in changed { breakers[place] = breaker.record == nil ? nil : breaker }
        keep { $0.breakers = Array(changed.values) }
    }
}

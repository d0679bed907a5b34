package import StatusModel
import Synchronization

/// How reads were answered since the daemon started (SPEC §4). Counted on the hot path, so each is one atomic addition.
package struct ReadCounters: ~Copyable, Sendable {
    private let hits = Atomic<UInt64>(0)
    private let misses = Atomic<UInt64>(0)
    private let staleHits = Atomic<UInt64>(0)
    private let collapsed = Atomic<UInt64>(0)

    package borrowing func count(_ source: AnswerSource) {
        switch source {
        case .hit: hits.add(1, ordering: .relaxed)
        case .stale: staleHits.add(1, ordering: .relaxed)
        case .collapsed: collapsed.add(1, ordering: .relaxed)
        case .fetched, .checking: misses.add(1, ordering: .relaxed)
        }
    }

    /// All reads so far.
    package var total: UInt64 {
        hits.load(ordering: .relaxed) &+ misses.load(ordering: .relaxed) &+ staleHits.load(ordering: .relaxed)
            &+ collapsed.load(ordering: .relaxed)
    }

    /// The counts so far; the fields that count entries are left zero.
    package borrowing func snapshot() -> CacheStats {
        CacheStats(
            hits: hits.load(ordering: .relaxed), misses: misses.load(ordering: .relaxed),
            staleHits: staleHits.load(ordering: .relaxed), collapsed: collapsed.load(ordering: .relaxed))
    }
}

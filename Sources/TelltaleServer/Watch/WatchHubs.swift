import LinuxSystem
import Locks
package import StatusCore
package import StatusEngine
import Synchronization

/// The hubs of all loops that have watches, and what they count together.
package final class WatchHubs: Sendable {
    let engine: StatusEngine
    let time: any TimeSource
    package let counters = WatchCounters()
    private let reads = ReadsUnderWay()
    private let hubs = Lock<[ObjectIdentifier: WatchHub]>([:])

    /// From now on the journal's news go to the hubs, so there is one of these for an engine.
    package init(engine: StatusEngine, time: any TimeSource) {
        self.engine = engine
        self.time = time
        engine.journal.onPublish { [weak self] in self?.published() }
    }

    /// The hub of a loop, on which the caller is.
    func hub(of loop: EventLoop) -> WatchHub {
        hubs.withLock { hubs in
            if let hub = hubs[ObjectIdentifier(loop)] { return hub }
            let hub = WatchHub(engine: engine, time: time, loop: loop, counters: counters, reads: reads)
            hubs[ObjectIdentifier(loop)] = hub
            return hub
        }
    }

    /// Returns when nothing is being read from the store for a watch. None asks for more once the server has ended them all.
    package func readsEnded() async { await reads.allEnded() }

    private func published() {
        for hub in hubs.withLock({ Array($0.values) }) { hub.published() }
    }
}

/// What watches are counted by.
package final class WatchCounters: Sendable {
    private let cutOffs = Atomic<Int>(0)

    /// Watches that were ended because nobody read them.
    package var slowConsumersCutOff: Int { cutOffs.load(ordering: .relaxed) }

    func slowConsumerCutOff() { cutOffs.add(1, ordering: .relaxed) }
}

import Locks
package import Resilience
package import StatusCore
import Synchronization

// What outlives the process (SPEC §4: state survives restart), and what "why" asks.
extension GuardedTransport {
    /// A place as text (``GuardedPlace/description``), and what is kept of its breaker.
    package typealias PlaceRecord = (place: String, record: CircuitBreaker.Record)

    /// What must be kept of each place that has been open.
    package func records() -> [PlaceRecord] {
        let now = time.now.instant
        return state.withLock { $0.breakers.records(at: now) }.map { ($0.key.description, $0.record) }
    }

    /// Takes in what ``records()`` gave in another process: from then on a place that was open lets nothing through until its
    /// time. One that has answered or changed in this process knows better.
    ///
    /// - Returns: The texts that are no places of this guard, and the places whose record is of no use any more.
    package func restore(_ records: [PlaceRecord]) -> [String] {
        let now = time.now.instant
        var foreign: [String] = []
        var known: [(key: GuardedPlace, record: CircuitBreaker.Record)] = []
        for (text, record) in records {
            guard let place = GuardedPlace(text), place.isPlace(of: kind) else {
                foreign.append(text)
                continue
            }
            known.append((place, record))
        }
        return foreign + state.withLock { $0.breakers.restore(known, at: now) }.map(\.description)
    }

    /// How it stands with the places that a link's adapter calls.
    package func standing(of link: Link) -> GuardStanding {
        let now = time.now.instant
        let places = GuardedPlace.places(of: link)
        let states = state.withLock { state in places.map { (place: $0, state: state.breakers.state(of: $0)) } }
        return .worst(of: states, at: now)
    }
}

import Locks
import Resilience
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport
import Testing

@Suite("Breakers of a store that is late", .timeLimit(.minutes(1)))
struct LateBreakerTests {
    private let time = ManualTime()

    private func breaker(_ place: String, openFor seconds: Int) -> StoredBreaker {
        let until = time.now.instant.advanced(by: .seconds(seconds))
        return StoredBreaker(
            upstream: "github", place: place,
            record: CircuitBreaker.Record(
                openingCount: 1, opening: CircuitBreaker.Record.Opening(until: until, reason: .failures)))
    }

    @Test("are handed to the guards but for those that have changed since, and what is of no use is forgotten")
    func late() async throws {
        let kept = MemoryStore()
        let given = Lock<[StoredBreaker]>([])
        let places = ["https://a.example", "https://b.example", "https://c.example"]
        var batch = StoreBatch()
        batch.breakers = places.map { breaker($0, openFor: 300) }
        try await kept.save(batch)
        let store = FailingStore(kept)
        let rig = EngineRig(
            store: store, time: time,
            restoreBreakers: { breakers in
                given.withLock { $0 += breakers }
                return breakers.filter { $0.place == places[2] }.map {
                    StoredBreaker(upstream: $0.upstream, place: $0.place, record: nil)
                }
            })
        let newer = breaker(places[1], openFor: 600)
        try await rig.run { rig in
            rig.engine.noteBreaker(newer)
            await rig.settle()
            #expect(given.withLock { $0 }.isEmpty)
            store.recover()
            await rig.advance(by: .seconds(5))
            await eventually { rig.engine.isPersisting }
            #expect(Set(given.withLock { $0 }) == [batch.breakers[0], batch.breakers[2]])
        }
        #expect(Set(try await kept.load().breakers) == [batch.breakers[0], newer])
    }
}

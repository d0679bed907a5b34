import StatusCore
import StatusModel
import Testing

@Suite("Demand")
struct DemandTests {
    private let now = Samples.start.instant

    @Test(
        "is told from who watches and when somebody last asked",
        arguments: [
            (true, nil, .watched), (true, 999_999, .watched), (false, nil, .forgotten), (false, 0, .recentlyRead),
            (false, 300, .recentlyRead), (false, 301, .idle), (false, 72 * 3600 - 1, .idle),
            (false, 72 * 3600, .forgotten),
        ] as [(Bool, Double?, Demand)])
    func level(isWatched: Bool, age: Double?, demand: Demand) {
        let asked = age.map { now.advanced(by: .seconds(-$0)) }
        #expect(Demand(isWatched: isWatched, lastAskedAt: asked, now: now) == demand)
    }

    @Test(
        "drives how often an item is read",
        arguments: [
            (.watched, true, 15), (.recentlyRead, false, 15), (.idle, true, 60), (.idle, false, nil),
            (.forgotten, true, nil),
        ] as [(Demand, Bool, Double?)])
    func interval(demand: Demand, isAnyoneWatching: Bool, seconds: Double?) {
        let interval = demand.interval(for: Samples.github, isAnyoneWatching: isAnyoneWatching)
        #expect(interval == seconds.map { .seconds($0) })
    }

    @Test("a service is read at its own pace")
    func service() {
        #expect(Demand.watched.interval(for: .service("worker"), isAnyoneWatching: true) == .seconds(60))
    }
}

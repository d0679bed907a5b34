import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("The plan of reads")
struct RefreshPlannerTests {
    private let start = Samples.start

    private func item(_ number: Int) throws -> ItemReference {
        ItemReference(project: try #require(ProjectID("p\(number)")), key: .provider(.github))
    }

    private func record(dueAfter seconds: Double?) -> ItemRecord {
        var record = ItemRecord(key: .provider(.github), link: .linked)
        record.dueAt = seconds.map { Samples.start.after($0) }
        return record
    }

    @Test("what is asked for is read when its time to live ends, what is idle a ping later, what is forgotten never")
    func demands() throws {
        var planner = RefreshPlanner()
        let shop = try item(1)
        let planned = { (demand: Demand, isAnyoneWatching: Bool) -> Duration? in
            planner.plan(
                shop, record(dueAfter: 15), demand: demand, isAnyoneWatching: isAnyoneWatching,
                at: Samples.start.instant)
            return planner.due(of: shop).map { Samples.start.instant.duration(to: $0) }
        }
        #expect(planned(.watched, true) == .seconds(15))
        #expect(planned(.recentlyRead, false) == .seconds(15))
        #expect(planned(.idle, true) == .seconds(60))
        #expect(planned(.idle, false) == nil)
        #expect(planned(.forgotten, true) == nil)
    }

    @Test("what a provider holds back is not planned before; what only another secret mends not at all")
    func heldBack() throws {
        var planner = RefreshPlanner()
        let shop = try item(1)
        var held = record(dueAfter: 0)
        held.nextAttemptAt = start.after(90)
        planner.plan(shop, held, demand: .recentlyRead, isAnyoneWatching: true, at: start.instant)
        #expect(planner.due(of: shop) == start.after(90).instant)
        // Under a watch it is looked at sooner, for its status may turn by itself; that is no read.
        planner.plan(shop, held, demand: .watched, isAnyoneWatching: true, at: start.instant)
        #expect(planner.due(of: shop) == start.after(30).instant)
        held.isSuspended = true
        planner.plan(shop, held, demand: .watched, isAnyoneWatching: true, at: start.instant)
        #expect(planner.count == 0)
        #expect(planner.takeDormant().isEmpty)
    }

    @Test("projects that nobody watches sleep until somebody watches anything")
    func dormant() throws {
        var planner = RefreshPlanner()
        for number in 0..<3 {
            planner.plan(
                try item(number), record(dueAfter: 1), demand: .idle, isAnyoneWatching: false, at: start.instant)
        }
        planner.remove(try item(1).project)
        #expect(planner.takeDormant() == [try item(0).project, try item(2).project])
        #expect(planner.takeDormant().isEmpty)
    }

    @Test("a crowd that is due at once is spread over a time to live, in the order in which it came")
    func crowd() throws {
        var planner = RefreshPlanner()
        for number in 0..<10_000 {
            planner.plan(
                try item(number), record(dueAfter: -60), demand: .recentlyRead, isAnyoneWatching: false,
                at: start.instant, delay: planner.delay(ofIndex: number))
        }
        #expect(planner.popDue(at: start.instant, limit: .max).count == RefreshPlanner.burstMax + 1)
        let first = planner.popDue(at: start.after(1).instant, limit: .max).count
        #expect((400...600).contains(first))
        planner.popDue(at: start.after(14.9).instant, limit: .max).forEach { planner.remove($0) }
        #expect(planner.nextDue.map { $0 <= start.after(15).instant } == true)
    }

    @Test("it plans as one that looks at every item each time")
    func model() throws {
        var generator = SeededGenerator(seed: 4)
        var planner = RefreshPlanner()
        var model: [ItemReference: ContinuousClock.Instant] = [:]
        var now = start
        for _ in 0..<5_000 {
            let shop = try item(Int.random(in: 0..<200, using: &generator))
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                planner.remove(shop)
                model[shop] = nil
            case 1:
                now = now.advanced(by: .milliseconds(Int.random(in: 0..<3_000, using: &generator)))
                let due = Set(planner.popDue(at: now.instant, limit: .max))
                #expect(due == Set(model.filter { $0.value <= now.instant }.keys))
                model = model.filter { $0.value > now.instant }
            default:
                var record = ItemRecord(key: shop.key, link: .linked)
                record.dueAt = now.advanced(by: .milliseconds(Int.random(in: -5_000..<60_000, using: &generator)))
                record.isSuspended = Int.random(in: 0..<10, using: &generator) == 0
                let demand = try #require(Demand.allCases.randomElement(using: &generator))
                let isWatching = Bool.random(using: &generator)
                planner.plan(shop, record, demand: demand, isAnyoneWatching: isWatching, at: now.instant)
                model[shop] = Self.planned(record, demand, isWatching, at: now.instant)
            }
            #expect(planner.count == model.count)
            #expect(planner.nextDue == model.values.min())
        }
    }

    private static func planned(
        _ record: ItemRecord, _ demand: Demand, _ isAnyoneWatching: Bool, at now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        if record.isSuspended || demand == .forgotten || demand == .idle && !isAnyoneWatching { return nil }
        let extra: Duration = demand == .idle ? .seconds(45) : .zero
        let read = max(now, (record.dueAt?.instant ?? now).advanced(by: extra))
        return demand == .watched ? min(read, now.advanced(by: .seconds(30))) : read
    }
}

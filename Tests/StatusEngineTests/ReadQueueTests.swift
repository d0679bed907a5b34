import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("The queue of reads")
struct ReadQueueTests {
    private let now = ContinuousClock.now

    private func item(_ id: Int, _ provider: ProviderKey = .github) throws -> ItemReference {
        ItemReference(project: try #require(ProjectID("p\(id)")), key: .provider(provider))
    }

    @Test("so many run at once for each upstream, and a place that was given back goes to the next")
    func bounds() throws {
        var queue = ReadQueue(runningMax: 2)
        for id in 0..<4 { queue.add(try item(id), isUrgent: false, at: now.advanced(by: .milliseconds(id))) }
        queue.add(try item(0, .vercel), isUrgent: false, at: now)
        let later = now.advanced(by: .seconds(1))
        let started = (0..<3).compactMap { _ in queue.next(at: later) }
        #expect(Set(started) == Set([try item(0), try item(1), try item(0, .vercel)]))
        let none = queue.next(at: later)
        #expect(none == nil)
        #expect(queue.count == 2)
        queue.ended(try item(0))
        let third = queue.next(at: later)
        #expect(third == (try item(2)))
        queue.ended(try item(0, .vercel))
        let noOther = queue.next(at: later)
        #expect(noOther == nil)
    }

    @Test("a read that somebody waits for overtakes what is merely due, also when it waits already")
    func urgent() throws {
        var queue = ReadQueue(runningMax: 10)
        for id in 0..<3 { queue.add(try item(id), isUrgent: false, at: now) }
        queue.add(try item(2), isUrgent: true, at: now)
        queue.add(try item(3), isUrgent: true, at: now.advanced(by: .seconds(1)))
        // Once urgent, it stays so.
        queue.add(try item(2), isUrgent: false, at: now.advanced(by: .seconds(2)))
        let order = (0..<4).compactMap { _ in queue.next(at: now.advanced(by: .seconds(2))) }
        #expect(order.prefix(2) == [try item(2), try item(3)])
        #expect(order.count == 4)
    }

    @Test("what is due is not held up for ever by those who wait")
    func noStarvation() throws {
        var queue = ReadQueue(runningMax: 1)
        queue.add(try item(0), isUrgent: false, at: now)
        for second in 1...120 {
            let instant = now.advanced(by: .seconds(second))
            queue.add(try item(second), isUrgent: true, at: instant)
            guard let next = queue.next(at: instant) else { continue }
            queue.ended(next)
            if next == (try item(0)) {
                #expect(second <= 61)
                return
            }
        }
        Issue.record("the one that was due never ran")
    }

    @Test("random additions and ends never exceed the bound, and lose and repeat nothing")
    func model() throws {
        let seed = UInt64.random(in: 0...(.max))
        var generator = SeededGenerator(seed: seed)
        var queue = ReadQueue(runningMax: 3)
        var (waiting, running) = (Set<ItemReference>(), Set<ItemReference>())
        var instant = now
        for _ in 0..<5_000 {
            instant = instant.advanced(by: .milliseconds(1))
            switch Int.random(in: 0..<3, using: &generator) {
            case 0:
                let provider = ProviderKey.allCases.randomElement(using: &generator) ?? .github
                let item = try item(Int.random(in: 0..<20, using: &generator), provider)
                guard !running.contains(item) else { continue }
                queue.add(item, isUrgent: Bool.random(using: &generator), at: instant)
                waiting.insert(item)
            case 1:
                guard let item = queue.next(at: instant) else {
                    let full = ProviderKey.allCases.filter { key in running.count { $0.key == .provider(key) } == 3 }
                    #expect(waiting.allSatisfy { item in full.contains { item.key == .provider($0) } }, "seed \(seed)")
                    continue
                }
                #expect(waiting.remove(item) != nil, "seed \(seed)")
                #expect(running.insert(item).inserted, "seed \(seed)")
                #expect(running.count { $0.key == item.key } <= 3, "seed \(seed)")
            default:
                guard let item = running.randomElement(using: &generator) else { continue }
                running.remove(item)
                queue.ended(item)
            }
            #expect(queue.count == waiting.count, "seed \(seed)")
        }
    }
}

import StatusModel
import TelltaleServer
import TestSupport
import Testing

@Suite("Who is told of an event")
struct WatcherIndexTests {
    private let projects = (0..<4).compactMap { ProjectID("p\($0)") }

    @Test(
        "are those who follow its project or all, neighbours together, whoever came and went before",
        arguments: 1...20 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var index = WatcherIndex()
        var watchers: [UInt64: (number: UInt32, projects: [ProjectID]?)] = [:]
        for turn in 0..<500 as Range<UInt32> {
            // Places of connections are given out again.
            let order = UInt64.random(in: 0..<64, using: &generator)
            if let known = watchers.removeValue(forKey: order) {
                index.remove(order, following: known.projects)
            } else {
                let some = projects.filter { _ in Bool.random(using: &generator) }
                let followed = Bool.random(using: &generator) ? some : nil
                watchers[order] = (turn, followed)
                index.add(turn, order: order, following: followed)
            }
            for project in projects {
                let all = watchers.filter { $0.value.projects == nil }.sorted { $0.key < $1.key }
                let some = watchers.filter { $0.value.projects?.contains(project) ?? false }.sorted { $0.key < $1.key }
                var found: [[UInt64]] = []
                index.forEach(following: project) { found.append([UInt64($0), $1]) }
                #expect(found == (all + some).map { [UInt64($0.value.number), $0.key] }, "seed \(seed)")
                #expect(index.count(following: project) == found.count)
            }
        }
    }

    @Test("is nobody who was never there, and who goes twice takes nobody along")
    func unknown() throws {
        let shop = try #require(ProjectID("shop"))
        var index = WatcherIndex()
        index.add(3, order: 30, following: [shop])
        index.remove(20, following: [shop])
        index.remove(40, following: [shop])
        index.remove(30, following: nil)
        #expect(index.count(following: shop) == 1)
        index.remove(30, following: [shop])
        index.remove(30, following: [shop])
        #expect(index.count(following: shop) == 0)
    }
}

import StatusModel
import TelltaleServer
import TestSupport
import Testing

@Suite("Who is told of an event")
struct WatcherIndexTests {
    private let projects = (0..<4).compactMap { ProjectID("p\($0)") }

    @Test(
        "are those who follow its project or all, whoever came and went before",
        arguments: 1...20 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var index = WatcherIndex()
        var watchers: [UInt32: [ProjectID]?] = [:]
        for _ in 0..<500 {
            // Numbers are given out again, as a hub does.
            let number = UInt32.random(in: 0..<64, using: &generator)
            if let projects = watchers.removeValue(forKey: number) {
                index.remove(number, following: projects)
            } else {
                let some = projects.filter { _ in Bool.random(using: &generator) }
                let followed = Bool.random(using: &generator) ? some : nil
                watchers[number] = .some(followed)
                index.add(number, following: followed)
            }
            for project in projects {
                let expected = watchers.filter { $0.value?.contains(project) ?? true }.keys.sorted()
                var found: [UInt32] = []
                index.forEach(following: project) { found.append($0) }
                #expect(found.sorted() == expected, "seed \(seed)")
                #expect(index.count(following: project) == expected.count)
            }
        }
    }

    @Test("is nobody who was never there, and who goes twice takes nobody along")
    func unknown() throws {
        let shop = try #require(ProjectID("shop"))
        var index = WatcherIndex()
        index.add(3, following: [shop])
        index.remove(2, following: [shop])
        index.remove(4, following: [shop])
        index.remove(3, following: nil)
        #expect(index.count(following: shop) == 1)
        index.remove(3, following: [shop])
        index.remove(3, following: [shop])
        #expect(index.count(following: shop) == 0)
    }
}

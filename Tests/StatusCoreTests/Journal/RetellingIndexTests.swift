import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("What newer events tell again")
struct RetellingIndexTests {
    private static let items: [ItemReference] = ["a", "b", "c"].compactMap(ProjectID.init).flatMap { project in
        [ItemKey.provider(.github), .provider(.vercel)].map { ItemReference(project: project, key: $0) }
    }

    private func shown(using generator: inout SeededGenerator) -> [ShownItem] {
        Self.items.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }.map { item in
            ShownItem(
                item: item, roles: Set(Role.allCases.filter { _ in Int.random(in: 0..<3, using: &generator) > 0 }))
        }
    }

    /// By looking through all that is held.
    private func isRetold(
        _ event: NumberedEvent, at sequence: UInt64, in held: [(UInt64, NumberedEvent)], to role: Role
    ) -> Bool {
        let items = event.shownItems.filter { $0.roles.contains(role) }.map(\.item)
        return !items.isEmpty
            && items.allSatisfy { item in
                held.contains { number, other in
                    number > sequence && other.shownItems.contains { $0.item == item && $0.roles.contains(role) }
                }
            }
    }

    @Test("is what looking through all published events finds", arguments: 1...8 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...12, using: &generator)
        var journal = StagedJournal<NumberedEvent>(epoch: 7, capacity: capacity)
        var all: [(UInt64, NumberedEvent)] = []
        for number in 1...300 {
            var event = NumberedEvent(number: number)
            event.shownItems = shown(using: &generator)
            all.append((UInt64(number), event))
            _ = journal.stage(event)
            if Bool.random(using: &generator) { _ = journal.saved(journal.portion) }
            let held = all.suffix(capacity).filter { $0.0 <= journal.newestID.sequence }
            for (sequence, event) in all.suffix(capacity + 3) {
                let entry = JournalRing.Entry(id: EventID(epoch: 7, sequence: sequence), event: event)
                for role in Role.allCases {
                    let expected = isRetold(event, at: sequence, in: held, to: role)
                    #expect(journal.isSuperseded(entry, for: role) == expected, "seed \(seed), \(sequence)")
                }
            }
        }
    }

    @Test("it knows of no more items than the events that are held")
    func bounded() {
        var index = RetellingIndex()
        for number in 1...1_000 as ClosedRange<UInt64> {
            guard let project = ProjectID("p\(number)") else { continue }
            let items = [ShownItem(item: ItemReference(project: project, key: .provider(.github)), roles: [.owner])]
            index.note(items, at: number)
            index.forget(items, at: number)
        }
        #expect(index.count == 0)
    }
}

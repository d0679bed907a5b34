import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("Roles that see a project alike")
struct SeenAlikeTests {
    private func envelope(_ snapshot: ProjectSnapshot, _ role: Role) -> StatusEnvelope {
        ViewRenderer.envelope(of: snapshot, role: role, now: Samples.start, digest: { String(describing: $0) })
    }

    @Test("see the same to the byte, but for the count of their changes", arguments: 1...50 as ClosedRange<UInt64>)
    func same(seed: UInt64) {
        var random = RandomProject(seed: seed)
        var generator = SeededGenerator(seed: seed)
        let keys = ProviderKey.allCases.map { ItemKey.provider($0) }
        let hidden = keys.reduce(into: [ItemKey: Set<Role>]()) { hidden, key in
            hidden[key] = Set(Role.allCases.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 })
        }
        let snapshot = random.snapshot(hidden: hidden)
        for role in Role.allCases {
            var shared = envelope(snapshot, snapshot.first(seeingSameAs: role))
            shared.revision = snapshot.revisions[role, default: 0]
            #expect(shared == envelope(snapshot, role), "seed \(seed)")
        }
    }

    @Test("are owner and admin, unless policy hides an item from one of them")
    func who() {
        let open = Samples.project([Samples.github])
        #expect(Role.allCases.map { open.first(seeingSameAs: $0) } == [.owner, .owner, .editor, .viewer])
        let hidden = Samples.project([Samples.github], hidden: [Samples.github: [.admin]])
        #expect(Role.allCases.map { hidden.first(seeingSameAs: $0) } == Role.allCases)
    }
}

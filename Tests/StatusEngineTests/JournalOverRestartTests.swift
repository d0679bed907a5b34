import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("The journal over restarts", .timeLimit(.minutes(1)))
struct JournalOverRestartTests {
    private static let answering: ManualProvider.Script = { .success($0.reading()) }

    @Test("a watcher goes on behind what it saw of the daemon before, in the same epoch")
    func resumed() async throws {
        let store = MemoryStore()
        var ids: [EventID] = []
        for life in 0..<20 {
            let rig = EngineRig(Self.answering, store: store, epoch: UInt64(100 + life))
            try await rig.run { rig in
                if let last = ids.last {
                    #expect(rig.journal.newestID == last)
                    #expect(rig.events(after: last) == [])
                }
                let event = try #require(try await rig.reportRun("run-\(life)"))
                let after = ids.last ?? EventID(epoch: event.epoch, sequence: 0)
                let events = try #require(rig.events(after: after))
                #expect(events.map(\.id).last == event && event.epoch == 100)
                ids += events.map(\.id)
                // What earlier daemons told is told again to whoever asks.
                #expect(rig.events(after: EventID(epoch: 100, sequence: 0))?.map(\.id) == ids)
            }
        }
        #expect(ids.map(\.sequence) == (1...UInt64(ids.count)).map { $0 })
    }

    @Test("a daemon in which nothing has happened has an epoch already that lasts")
    func quiet() async throws {
        let store = MemoryStore()
        try await EngineRig(store: store, epoch: 100).run { rig in
            await eventually { (try? await store.load().journal) != nil }
        }
        try await EngineRig(store: store, epoch: 101).run { #expect($0.journal.newestID.epoch == 100) }
    }

    @Test("what an event says of its project's revision is durable with it, while reads are still under way")
    func revision() async throws {
        let store = MemoryStore()
        try await EngineRig(store: store).run { rig in
            let id = try #require(try await rig.reportRun("one"))
            let event = try #require(rig.events(after: EventID(epoch: id.epoch, sequence: 0))?.last)
            #expect(event.revision > 0)
            #expect(try await store.load().projects.first?.revisions[.owner] == event.revision)
        }
    }

    @Test("ids go on from where the journal stood even when the store has none of its events left")
    func pruned() async throws {
        let store = MemoryStore()
        var last: EventID?
        try await EngineRig(Self.answering, store: store).run { rig in last = try await rig.reportRun("one") }
        let later = ManualTime().now.advanced(by: .seconds(1 << 20))
        try await store.prune(before: later, operationsBefore: later)
        try await EngineRig(Self.answering, store: store).run { rig in
            let end = try #require(last)
            #expect(rig.journal.newestID == end)
            #expect(rig.events(after: EventID(epoch: end.epoch, sequence: 0)) == nil)
            let next = try #require(try await rig.reportRun("two"))
            #expect(next.epoch == end.epoch && next.sequence > end.sequence)
        }
    }

    @Test("the newest thousand events or half a mebibyte of them are in memory after a start, the others in the store")
    func bounded() async throws {
        let store = MemoryStore()
        try await fill(store, count: 3_000, bytes: 10)
        try await EngineRig(store: store).run { rig in
            #expect(rig.events(after: EventID(epoch: 7, sequence: 1_976))?.isEmpty == true)
            let replay = rig.journal.events(after: EventID(epoch: 7, sequence: 100), limit: 10)
            guard case .truncated(101, 1_976) = replay else {
                Issue.record("\(replay)")
                return
            }
        }
        let other = MemoryStore()
        try await fill(other, count: 300, bytes: 10_000)
        try await EngineRig(store: other).run { rig in
            guard case .truncated(_, let lostTo) = rig.journal.events(after: EventID(epoch: 7, sequence: 0), limit: 1)
            else {
                Issue.record("all of it is in memory")
                return
            }
            #expect((300 - lostTo) * 10_000 <= 512 << 10 && (301 - lostTo) * 10_000 > 512 << 10)
        }
    }

    @Test("pages from the store and memory follow each other without a hole or a double")
    func pages() async throws {
        let store = MemoryStore()
        try await fill(store, count: 3_000, bytes: 10)
        try await EngineRig(store: store).run { rig in
            var place = EventID(epoch: 7, sequence: 0)
            var ids: [UInt64] = []
            while place != rig.journal.newestID {
                if case .events(let entries) = rig.journal.events(after: place, limit: 100) {
                    ids += entries.map(\.id.sequence)
                } else {
                    guard case .events(let entries) = await rig.engine.archive.page(after: place) else { break }
                    #expect(entries.count <= EventArchive.pageMax)
                    ids += entries.map(\.id.sequence)
                }
                place.sequence = ids.last ?? 0
            }
            #expect(ids == Array(1...3_000))
        }
    }

    @Test("a hole in the store is lost with its range, and what follows it is not")
    func hole() async throws {
        let store = MemoryStore()
        try await fill(store, count: 3_000, bytes: 10) { ($0 % 1_000 == 500) ? nil : $0 }
        try await EngineRig(store: store).run { rig in
            let archive = rig.engine.archive
            let page = await archive.page(after: EventID(epoch: 7, sequence: 490))
            guard case .events(let entries) = page else {
                Issue.record("\(page)")
                return
            }
            #expect(entries.map(\.id.sequence) == Array(491...499))
            guard case .lost(500, 500) = await archive.page(after: EventID(epoch: 7, sequence: 499)) else {
                Issue.record("the hole is not told")
                return
            }
        }
    }

    private func fill(
        _ store: MemoryStore, count: UInt64, bytes: Int, _ number: (UInt64) -> UInt64? = { $0 }
    ) async throws {
        let definition = project("shop")
        let shop = definition.id
        var batch = StoreBatch()
        batch.projects = [StoredProject(id: shop, hidden: [:])]
        batch.links = definition.links.values.map { StoredLink(project: shop, link: $0) }
        batch.events = (1...count).compactMap(number).map { sequence in
            StoredEvent(
                id: EventID(epoch: 7, sequence: sequence), at: ManualTime().now, project: shop, kind: "test:event",
                encoded: [[UInt8](repeating: 0, count: bytes), nil, nil, nil])
        }
        batch.journal = StoredJournal(newest: EventID(epoch: 7, sequence: count))
        try await store.save(batch)
    }
}

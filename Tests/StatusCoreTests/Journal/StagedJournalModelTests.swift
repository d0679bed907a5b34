import StatusCore
import StatusModel
import TestSupport
import Testing

/// The staged journal over a disk that may refuse, answer late, keep what it refused, and be read after a crash.
@Suite("The staged journal, whatever happens")
struct StagedJournalModelTests {
    /// What a crash leaves.
    private struct Disk {
        var numbers: [EventID: Int] = [:]
        var journal: StoredJournal?

        mutating func take(_ portion: StagedJournal<NumberedEvent>.Portion) {
            for entry in portion.events { numbers[entry.id] = entry.event.number }
            journal = portion.journal ?? journal
        }

        func entries(after place: EventID, limit: Int) -> [JournalRing<NumberedEvent>.Entry] {
            let after = numbers.filter { $0.key.epoch == place.epoch && $0.key.sequence > place.sequence }
            return after.sorted { $0.key.sequence < $1.key.sequence }.prefix(limit).map {
                JournalRing.Entry(id: $0.key, event: NumberedEvent(number: $0.value))
            }
        }
    }

    /// A watcher that outlives the daemon.
    private struct Watcher {
        var place: EventID
        /// The numbers of the events that it has seen since its last reset.
        var numbers: [Int] = []
        var resets = 0

        mutating func reset(to newest: EventID) {
            (place, numbers) = (newest, [])
            resets += 1
        }
    }

    private struct World {
        var generator: SeededGenerator
        var journal = StagedJournal<NumberedEvent>(epoch: 1, capacity: 24)
        var disk = Disk()
        var inFlight: StagedJournal<NumberedEvent>.Portion?
        var lastEpoch: UInt64 = 1
        var count = 0
        /// Everything that anybody was ever told, and the order in which it came to who is never behind.
        var told: [EventID: Int] = [:]
        var prompt = Watcher(place: EventID(epoch: 1, sequence: 0))
        var slow = Watcher(place: EventID(epoch: 1, sequence: 0))
        var log: [Int] = []
        /// Where the epochs before this one ended, as far as this daemon saw to it.
        var seams: [EventID] = []

        mutating func draw(_ chances: Int) -> Int { Int.random(in: 0..<chances, using: &generator) }

        mutating func stage() {
            count += 1
            noteSeam { _ = $0.stage(NumberedEvent(number: $1)) }
        }

        mutating func save() {
            if inFlight == nil, journal.hasUnsaved { inFlight = journal.portion }
        }

        mutating func land() {
            guard let portion = inFlight else { return }
            inFlight = nil
            disk.take(portion)
            _ = journal.saved(portion)
        }

        mutating func refuse() {
            guard let portion = inFlight else { return }
            inFlight = nil
            // It may have failed in the very moment of saying so.
            if draw(4) == 0 { disk.take(portion) }
            runOutOfPatience()
        }

        mutating func runOutOfPatience() {
            lastEpoch += 1
            let next = lastEpoch
            noteSeam { journal, _ in _ = journal.storeFailed(next: next) }
        }

        mutating func noteSeam(_ step: (inout StagedJournal<NumberedEvent>, Int) -> Void) {
            let end = journal.newestID
            step(&journal, count)
            if journal.newestID.epoch != end.epoch { seams.append(end) }
        }

        mutating func crash(readable: Bool) {
            if let portion = inFlight, draw(2) == 0 { disk.take(portion) }
            (inFlight, lastEpoch, seams) = (nil, lastEpoch + 1, [])
            journal = StagedJournal(epoch: lastEpoch, capacity: 24)
            if !readable {
                journal.storeMissing()
                if let stored = disk.journal { journal.storeFound(at: stored) }
            } else if let stored = disk.journal {
                var place = stored.newest
                place.sequence -= min(place.sequence, 8)
                journal.restore(stored, newest: disk.entries(after: place, limit: 100))
            }
        }

        /// Reads what follows a watcher's place: from memory, and where that does not reach back from the disk.
        mutating func read(_ watcher: inout Watcher, limit: Int) {
            var entries: [JournalRing<NumberedEvent>.Entry] = []
            switch journal.events(after: watcher.place, limit: limit) {
            case .events(let found): entries = found
            case .epoch, .future:
                let known = seams.suffix(StoredJournal.originsMax)
                let leadsHere = known.contains {
                    $0.epoch == watcher.place.epoch && $0.sequence >= watcher.place.sequence
                }
                #expect(!leadsHere, "\(watcher.place) leads to \(journal.newestID)")
                watcher.reset(to: journal.newestID)
            case .truncated:
                let place = journal.continued(watcher.place)
                let last = journal.extent(of: place)?.last ?? 0
                entries = disk.entries(after: place, limit: limit).filter { $0.id.sequence <= last }
                if entries.first?.id.sequence != place.sequence + 1 { return watcher.reset(to: journal.newestID) }
            }
            for entry in entries {
                let isNext = entry.id == EventID(epoch: watcher.place.epoch, sequence: watcher.place.sequence + 1)
                #expect(isNext || entry.id.sequence == 1, "\(entry.id) after \(watcher.place)")
                #expect(told[entry.id] == nil || told[entry.id] == entry.event.number, "\(entry.id) is told twice")
                told[entry.id] = entry.event.number
                watcher.place = entry.id
                watcher.numbers.append(entry.event.number)
            }
        }

        mutating func readAll() {
            var watcher = prompt
            let before = watcher.numbers.count
            let resets = watcher.resets
            read(&watcher, limit: 1_000)
            if watcher.resets == resets { log += watcher.numbers[before...] }
            prompt = watcher
        }

        mutating func readSlowly() {
            var watcher = slow
            read(&watcher, limit: draw(12))
            slow = watcher
        }
    }

    @Test(
        "no id is ever told of two events, and without trouble every watcher sees every event over all crashes",
        arguments: 1...40 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var world = World(generator: SeededGenerator(seed: seed))
        let hasTrouble = seed.isMultiple(of: 2)
        // An epoch that the store has never heard of is nobody's.
        world.save()
        world.land()
        for _ in 0..<600 {
            switch world.draw(hasTrouble ? 12 : 9) {
            case 0...2: world.stage()
            case 3, 4: world.save()
            case 5, 6: world.land()
            case 7: world.readSlowly()
            case 8: if world.draw(6) == 0 { world.crash(readable: true) }
            case 9: world.refuse()
            case 10: if world.journal.hasUnpublished { world.runOutOfPatience() }
            default: if world.draw(6) == 0 { world.crash(readable: false) }
            }
            // What waits has room.
            if !hasTrouble, world.journal.portion.events.count > 12 {
                world.land()
                world.save()
                world.land()
            }
            world.readAll()
            #expect(world.prompt.numbers == world.prompt.numbers.sorted(), "seed \(seed)")
        }
        guard !hasTrouble else { return }
        while world.slow.place != world.journal.newestID { world.readSlowly() }
        #expect(world.slow.resets == 0 && world.prompt.resets == 0, "seed \(seed)")
        #expect(world.slow.numbers == world.log && world.log.count > 50, "seed \(seed)")
    }
}

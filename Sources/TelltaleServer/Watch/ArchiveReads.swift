import Locks
import StatusEngine
import StatusModel
import Synchronization

/// Which watchers have older events read from the store for them, and which wait for a place.
///
/// A page is asked for when its watcher's socket takes data, lives until the loop has handed it over, and is dropped where
/// the socket takes no more. So the pages of a loop are never more than the reads, whatever peers do.
struct ArchiveReads {
    /// Reads at once, and so pages in memory: each has at most ``EventArchive/pageMax`` events.
    static let readsMax = 8

    /// Reads under way by the number of their watcher; nil for one that waits.
    private var tasks: [UInt32: Task<Void, Never>?] = [:]
    /// In the order of their asking. Watches that have ended stay until it is their turn.
    private var waiting: [UInt32] = []
    private var running = 0

    /// Notes a watcher's wish; one that has one already is not noted again.
    mutating func ask(for number: UInt32) {
        guard tasks[number] == nil else { return }
        tasks[number] = .some(nil)
        waiting.append(number)
    }

    /// The next watcher whose read may start, with which ``started(_:_:)`` is called.
    mutating func next() -> UInt32? {
        while running < Self.readsMax, !waiting.isEmpty {
            let number = waiting.removeFirst()
            if case .some(.none) = tasks[number] { return number }
        }
        return nil
    }

    mutating func started(_ number: UInt32, _ task: Task<Void, Never>) {
        tasks[number] = task
        running += 1
    }

    /// The read has ended, with or without a page.
    mutating func ended(_ number: UInt32) {
        tasks[number] = nil
        running -= 1
    }

    /// The watch has ended. Whether its number is free at once, because nothing is under way for it.
    mutating func cancel(_ number: UInt32) -> Bool {
        guard let task = tasks[number] else { return true }
        guard let task else {
            tasks[number] = nil
            waiting.removeAll { $0 == number }
            return true
        }
        task.cancel()
        return false
    }
}

/// Pages that were read, on their way to the loop: as many as reads at most.
final class ArchivePages: Sendable {
    private let pages = Lock<[(number: UInt32, page: EventArchive.Page)]>([])

    /// Whether it is the first, so that the loop is to be told.
    func put(_ page: EventArchive.Page, for number: UInt32) -> Bool {
        pages.withLock { pages in
            pages.append((number, page))
            return pages.count == 1
        }
    }

    func takeAll() -> [(number: UInt32, page: EventArchive.Page)] {
        pages.withLock { pages in
            defer { pages = [] }
            return pages
        }
    }
}

import Locks
import Resilience
package import StatusCore
import StatusModel
import Synchronization

// Breakers stand beneath the adapters, and outlive the daemon by way of the engine's saves (SPEC §4).
extension StatusEngine {
    /// The most projects that are told of one change of a breaker. A provider's host may stand behind ten thousand, and
    /// whoever watches these sees it by their status as well.
    package static let breakerEventsMax = 256

    /// A breaker has changed. From any thread, without waiting: the newest state of each is kept, soon.
    package nonisolated func noteBreaker(_ breaker: StoredBreaker) {
        changedBreakers.withLock { $0[[breaker.upstream, breaker.place]] = breaker }
        // It may find no place: then there are nudges to serve, and after each the engine looks for breakers as well.
        nudgeSink.yield(.breakers)
    }

    func keepBreakers() {
        let changed = changedBreakers.withLock { changed in
            defer { changed = [:] }
            return changed
        }
        for (place, breaker) in changed {
            let wasOpen = breakers[place]?.record?.opening != nil
            breakers[place] = breaker.record == nil ? nil : breaker
            // A probe that fails opens it anew: it was open all the while, and that is no news.
            let isOpen = breaker.record?.opening != nil
            if isOpen != wasOpen { announceBreaker(at: place, isOpen: isOpen) }
        }
        keep { $0.breakers = Array(changed.values) }
    }

    /// Tells the projects behind a place that somebody looks at, in the order of their names.
    private func announceBreaker(at place: [String], isOpen: Bool) {
        let now = time.now
        var room = Self.breakerEventsMax
        for project in projects.values.sorted(by: { $0.entry.id < $1.entry.id }) where room > 0 {
            switch demand(of: project, at: now.instant) {
            case .idle, .forgotten: continue
            case .watched, .recentlyRead: break
            }
            let keys = project.linkedRecords.map(\.key).filter { key in
                project.definition.links[key].map { breakerPlaces($0).contains(place) } ?? false
            }
            guard !keys.isEmpty else { continue }
            announceBreaker(before: keys, of: project, isOpen: isOpen, at: now)
            room -= 1
        }
    }

    private func announceBreaker(before keys: [ItemKey], of project: Project, isOpen: Bool, at now: Moment) {
        let kind = isOpen ? EventKind.breakerOpened : EventKind.breakerClosed
        var views = project.entry.eventViews(at: now)
        tell(kind, of: project.entry.id, at: now) { role in
            guard let key = keys.first(where: { !project.snapshot.isHidden($0, from: role) }) else { return nil }
            return StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: now.wall, kind: kind, changed: [],
                view: views.view(for: role),
                message: isOpen ? "\(key.words) keeps failing and is left alone" : "\(key.words) answers again")
        }
    }
}

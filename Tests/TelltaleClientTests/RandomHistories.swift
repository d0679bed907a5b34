import StatusModel
import TestSupport
import Testing

extension WatchGuaranteeTests {
    /// Histories of watchers who come and go as chance will have it, of a daemon that keeps every promise.
    func randomHistories(seed: UInt64) throws -> [WatchHistory] {
        var generator = SeededGenerator(seed: seed)
        let projects = try ["a", "b", "c"].map { try Sample.project($0) }
        var daemon = ModelDaemon(projects: projects)
        var watchers = [[], [projects[0]], [projects[1], projects[2]]].enumerated().map { index, named in
            WatchHistory(name: "watcher \(index)", projects: named)
        }
        var streams = watchers.map { _ in ModelDaemon.Stream?.none }
        for _ in 0..<150 {
            if Int.random(in: 0..<3, using: &generator) > 0 { daemon.happen(using: &generator) }
            if Int.random(in: 0..<60, using: &generator) == 0 {
                daemon.beginEpoch(seamlessly: Bool.random(using: &generator))
            }
            if Int.random(in: 0..<40, using: &generator) == 0 { daemon.keep(5) }
            for index in watchers.indices {
                step(&watchers[index], &streams[index], of: daemon, using: &generator)
            }
        }
        // Whoever is there at the end is told everything.
        for index in watchers.indices {
            guard var stream = streams[index] else { continue }
            while let message = daemon.next(&stream) { watchers[index].note(message) }
            watchers[index].note(daemon.heartbeat(stream))
        }
        return watchers
    }

    private func step(
        _ watcher: inout WatchHistory, _ stream: inout ModelDaemon.Stream?, of daemon: ModelDaemon,
        using generator: inout SeededGenerator
    ) {
        guard var open = stream else {
            let place = watcher.streams.last?.place
            watcher.streams.append(WatchHistory.Stream(resumeAfter: place))
            stream = daemon.open(projects: watcher.projects, resumeAfter: place)
            return
        }
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            guard let message = daemon.next(&open, collapsing: Bool.random(using: &generator)) else {
                watcher.note(daemon.heartbeat(open))
                break
            }
            watcher.note(message)
        }
        stream = Int.random(in: 0..<12, using: &generator) == 0 ? nil : open
    }

    /// Breaks one of many histories, and looks who notices.
    func expectNoticed(
        by guarantee: WatchGuarantee, _ name: String, _ harm: (inout [WatchMessage]) -> Bool
    ) throws {
        var harmedCount = 0
        for seed in 0..<20 as Range<UInt64> {
            var histories = try randomHistories(seed: seed)
            // The first watches everything, as another one of it does who saw the truth.
            var witness = histories[0]
            witness.name = "witness"
            let isHarmed = histories[0].streams.indices.reversed().contains { harm(&histories[0].streams[$0].messages) }
            guard isHarmed else { continue }
            harmedCount += 1
            let found = guarantee.violations(in: [witness] + histories)
            #expect(!found.isEmpty, "\(name), seed \(seed)")
        }
        #expect(harmedCount >= 5, "\(name) was tried \(harmedCount) times")
    }
}

extension WatchHistory {
    fileprivate mutating func note(_ message: WatchMessage) { streams[streams.count - 1].messages.append(message) }
}

extension WatchHistory.Stream {
    /// Where the next one may go on; nil where it cannot be told.
    fileprivate var place: EventID? {
        switch messages.last {
        case .event(let event): event.id
        case .heartbeat(let id, _): id
        case .snapshot, .reset, .goingAway: nil
        case nil: resumeAfter
        }
    }
}

extension [WatchMessage] {
    /// Two events of one epoch next to each other, both more than an update.
    var firstPairOfEvents: Int? {
        zip(self, dropFirst()).enumerated().first { _, pair in
            guard case (.event(let first), .event(let second)) = pair else { return false }
            return first.id.epoch == second.id.epoch && first.kind == "run:finished"
        }?.offset
    }
}

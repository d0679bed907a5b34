import StatusModel
import TestSupport
import Testing

extension WatchGuaranteeTests {
    @Test("an event that does not come whole, or not the same to everybody, is noticed")
    func atomic() throws {
        try expectNoticed(by: .atomic, "an item left out") { messages in
            guard let (index, whole) = messages.firstEvent(where: { $0.items.count > 1 }) else { return false }
            var event = whole
            event.items.removeLast()
            messages[index] = .event(event)
            return true
        }
        try expectNoticed(by: .atomic, "one in two parts") { messages in
            guard let (index, whole) = messages.firstEvent(where: { $0.items.count > 1 }) else { return false }
            var (first, second) = (whole, whole)
            first.items.removeLast()
            second.items.removeFirst(second.items.count - 1)
            messages.replaceSubrange(index...index, with: [.event(first), .event(second)])
            return true
        }
    }

    /// Breaks the first stream that goes on behind a place, of any watcher.
    private func expectSeamNoticed(_ name: String, _ harm: (inout WatchHistory.Stream, EventID) -> Bool) throws {
        var harmedCount = 0
        for seed in 0..<60 as Range<UInt64> {
            var histories = try randomHistories(seed: seed)
            var witness = histories[0]
            witness.name = "witness"
            let isHarmed = histories[0].streams.indices.contains { index in
                guard let place = histories[0].streams[index].resumeAfter else { return false }
                return harm(&histories[0].streams[index], place)
            }
            guard isHarmed else { continue }
            harmedCount += 1
            #expect(!WatchGuarantee.resumable.violations(in: [witness] + histories).isEmpty, "\(name), seed \(seed)")
        }
        #expect(harmedCount >= 5, "\(name) was tried \(harmedCount) times")
    }

    @Test("a stream that does not go on where it was to is noticed")
    func resumable() throws {
        try expectSeamNoticed("the first event left out") { stream, _ in
            guard case .event(let event)? = stream.messages.first, event.kind != "status:update",
                stream.messages.count > 1
            else { return false }
            stream.messages.removeFirst()
            return true
        }
        try expectSeamNoticed("an old event again") { stream, place in
            guard case .event(var event)? = stream.messages.first, place.sequence > 0 else { return false }
            event.id = EventID(epoch: place.epoch, sequence: place.sequence - 1)
            stream.messages.insert(.event(event), at: 0)
            return true
        }
        try expectSeamNoticed("snapshots without a reset") { stream, _ in
            guard case .reset? = stream.messages.first, stream.messages.count > 1,
                case .snapshot = stream.messages[1]
            else { return false }
            stream.messages.removeFirst()
            return true
        }
        try expectSeamNoticed("a reset for no reason") { stream, place in
            guard case .event? = stream.messages.first else { return false }
            stream.messages.insert(.reset(WatchReset(reason: .epoch, lostFrom: 0, lostTo: 0, resumeFrom: place)), at: 0)
            return true
        }
    }

    @Test("a heartbeat that is ahead of an event is noticed")
    func bookmarkable() throws {
        try expectNoticed(by: .bookmarkable, "one before its event") { messages in
            guard let index = messages.firstPairOfEvents, case .event(let event) = messages[index] else { return false }
            messages.insert(.heartbeat(event.id, at: UnixTime(seconds: 0)), at: index)
            return true
        }
        try expectNoticed(by: .bookmarkable, "one in the place of its event") { messages in
            guard let index = messages.firstPairOfEvents, case .event(let event) = messages[index] else { return false }
            messages[index] = .heartbeat(event.id, at: UnixTime(seconds: 0))
            return true
        }
    }

    @Test("a snapshot that does not say what the events say is noticed")
    func faithful() throws {
        var item = IntegrationStatus(key: .provider(.github))
        item.status = .warning
        var update = try Sample.event(3)
        (update.kind, update.items, update.hash, update.revision) = ("status:update", [item], "h", 5)
        var witness = WatchHistory(name: "witness")
        witness.streams = [WatchHistory.Stream(resumeAfter: Sample.id(2), messages: [.event(update)])]
        func violations(
            status: ConnectionState, revision: UInt64, asOf sequence: UInt64 = 3, then told: StatusEvent? = nil
        ) throws -> [String] {
            var envelope = try Sample.envelope()
            item.status = status
            (envelope.items, envelope.revision) = ([item], revision)
            var history = WatchHistory(name: "begins")
            history.streams = [
                WatchHistory.Stream(
                    resumeAfter: nil,
                    messages: [.snapshot(envelope, asOf: Sample.id(sequence))] + (told.map { [.event($0)] } ?? []))
            ]
            return WatchGuarantee.violations(in: [witness, history])
        }
        #expect(try violations(status: .warning, revision: 5) == [])
        #expect(try violations(status: .error, revision: 6) == [], "newer than its place, it will be told again")
        #expect(try violations(status: .warning, revision: 5, asOf: 2) == [])
        #expect(try violations(status: .error, revision: 5).count == 1, "another state")
        #expect(try violations(status: .warning, revision: 5, asOf: 2, then: update) == [])
        #expect(
            try violations(status: .error, revision: 5, asOf: 2, then: update).count == 1,
            "another state, before it was told")
        #expect(try violations(status: .error, revision: 5, asOf: 2) == [], "ahead of its place, and undone by a kill")
        #expect(try violations(status: .warning, revision: 4).count == 1, "an older one")
    }

    @Test("a reset that says less than what was lost is noticed")
    func honest() throws {
        let shop = try Sample.project()
        var update = try Sample.event(3)
        (update.kind, update.items) = ("status:update", [IntegrationStatus(key: .provider(.github))])
        var witness = WatchHistory(name: "witness")
        witness.streams = [WatchHistory.Stream(resumeAfter: Sample.id(2), messages: [.event(update)])]
        var reset = WatchReset(
            reason: .truncated, lostFrom: 2, lostTo: 3, resumeFrom: Sample.id(3), lostCount: 2,
            lostItems: [ItemName(projectID: shop, key: .provider(.github))])
        func violations() -> [String] {
            var history = WatchHistory(name: "reset")
            history.streams = [WatchHistory.Stream(resumeAfter: Sample.id(1), messages: [.reset(reset)])]
            return WatchGuarantee.violations(in: [witness, history])
        }
        #expect(violations() == [])
        reset.lostItems = []
        #expect(violations().count == 1)
        (reset.hasMoreItems, reset.lostCount) = (true, 1)
        #expect(violations().count == 1)
        (reset.lostFrom, reset.lostCount) = (3, 1)
        #expect(!violations().isEmpty, "it begins behind what was lost")
    }

    @Test("what somebody was promised and nobody saw is noticed")
    func acknowledged() throws {
        var run = try Sample.event(2)
        run.kind = "run:finished"
        var history = WatchHistory(name: "watcher")
        history.streams = [
            WatchHistory.Stream(
                resumeAfter: Sample.id(1), messages: [.heartbeat(Sample.id(2), at: UnixTime(seconds: 0))])
        ]
        #expect(WatchGuarantee.violations(in: [history]) == [])
        #expect(!WatchGuarantee.reliable.violations(in: [history], acknowledged: [run]).isEmpty)
        history.streams[0].messages.insert(.event(run), at: 0)
        #expect(WatchGuarantee.violations(in: [history], acknowledged: [run]) == [])
    }
}

extension [WatchMessage] {
    fileprivate func firstEvent(where isWanted: (StatusEvent) -> Bool) -> (index: Int, event: StatusEvent)? {
        for (index, message) in enumerated() {
            if case .event(let event) = message, isWanted(event) { return (index, event) }
        }
        return nil
    }
}

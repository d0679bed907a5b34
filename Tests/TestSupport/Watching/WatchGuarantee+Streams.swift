import StatusModel

extension WatchHistory.Stream {
    /// Where a stream that was to go on behind a place does not.
    func falseBeginnings(_ history: WatchHistory, _ truth: WatchTruth) -> [String] {
        messages.flatMap { message -> [String] in
            if case .reset(let reset) = message { reset.falsehoods(history, truth) } else { [] }
        } + (resumeAfter.map { falseBeginnings(behind: $0, history, truth) } ?? [])
    }

    private func falseBeginnings(behind place: EventID, _ history: WatchHistory, _ truth: WatchTruth) -> [String] {
        // Up to the first thing that it says of where it is.
        for message in messages {
            switch message {
            case .reset(let reset):
                return reset.isTrue(of: place) ? [] : ["\(place.words): no reason for \(reset.reason)"]
            case .snapshot: return ["\(place.words): begins anew without a reset"]
            case .event(let event): return falseStep(from: place, to: event.id.previous, history, truth)
            case .goingAway(let id, _, _) where id.epoch == 0: return []
            case .heartbeat(let id, _), .goingAway(let id, _, _): return falseStep(from: place, to: id, history, truth)
            }
        }
        return []
    }

    /// Whether something was due between the two places. What was collapsed is the reliability's to judge.
    private func falseStep(
        from place: EventID, to next: EventID, _ history: WatchHistory, _ truth: WatchTruth
    ) -> [String] {
        if next.epoch == place.epoch, next.sequence < place.sequence { return ["\(place.words): goes back"] }
        var passed: [StatusEvent]
        if next.epoch == place.epoch {
            passed = truth.events(after: place, through: next.sequence)
        } else {
            // Without a reset the one epoch led up to the other, and nothing lies between them.
            passed = truth.events(after: place, through: truth.lastSequence(of: place.epoch))
            passed += truth.events(after: EventID(epoch: next.epoch, sequence: 0), through: next.sequence)
        }
        return passed.filter { history.wants($0) && $0.kind != "status:update" }.map {
            "\(place.words): goes on without \($0.id.words)"
        }
    }
}

extension WatchReset {
    fileprivate func isTrue(of place: EventID) -> Bool {
        switch reason {
        case .truncated: place.epoch == resumeFrom.epoch && (lostFrom == 0 || lostFrom == place.sequence + 1)
        case .epoch: place.epoch != resumeFrom.epoch
        case .future: place.epoch == resumeFrom.epoch && place.sequence > resumeFrom.sequence
        }
    }

    /// What it says of the loss, and is not so.
    fileprivate func falsehoods(_ history: WatchHistory, _ truth: WatchTruth) -> [String] {
        guard reason == .truncated, lostTo > 0 else { return [] }
        var found: [String] = []
        if lostFrom > lostTo || lostTo > resumeFrom.sequence { found.append("lost \(lostFrom) to \(lostTo)") }
        if lostCount != 0, lostFrom <= lostTo, lostCount != lostTo - lostFrom + 1 { found.append("\(lostCount) lost") }
        guard !hasMoreItems, lostFrom > 0 else { return found }
        let place = EventID(epoch: resumeFrom.epoch, sequence: lostFrom - 1)
        for event in truth.events(after: place, through: lostTo) where history.wants(event) {
            let named = Set(lostItems.filter { $0.projectID == event.projectID }.map(\.key))
            guard event.kind == "status:update" else { continue }
            for item in event.items where !named.contains(item.key) {
                found.append("\(event.projectID)/\(item.key) of \(event.id.words) is not named")
            }
        }
        return found
    }
}

extension WatchHistory {
    /// Snapshots that do not say what the events up to their place do.
    func falseSnapshots(_ truth: WatchTruth) -> [String] {
        streams.flatMap { stream in
            stream.messages.flatMap { message -> [String] in
                guard case .snapshot(let envelope, let asOf) = message else { return [] }
                return envelope.falsehoods(asOf: asOf, truth) { event in stream.messages.contains(.event(event)) }
            }
        }
    }
}

extension StatusEnvelope {
    /// `follows` says whether the stream that gave the snapshot told an event too.
    fileprivate func falsehoods(
        asOf place: EventID, _ truth: WatchTruth, follows: (StatusEvent) -> Bool
    ) -> [String] {
        let words = "\(projectID) as of \(place.words)"
        let start = EventID(epoch: place.epoch, sequence: 0)
        var told = truth.events(after: start, through: .max).filter { $0.projectID == projectID }
        // A project that went and came back was another one before.
        let isEnd = { (event: StatusEvent) in event.kind == "project:removed" }
        if let end = told.lastIndex(where: isEnd) {
            guard told[end].id.sequence <= place.sequence else { return [] }
            told.removeFirst(end + 1)
        }
        told.removeAll(where: \.hash.isEmpty)
        // It is at least as new as its place, and may be newer: what it then holds already is told again.
        if let due = told.last(where: { $0.id.sequence <= place.sequence }), revision < due.revision {
            return ["\(words) is older than \(due.id.words)"]
        }
        // Only where somebody saw the very change that it stands behind, and all before, can it be compared.
        guard let newest = told.last(where: { $0.revision == revision }) else { return [] }
        // What was ahead of its place goes with a daemon that is killed, and the next one may make something else of it. A
        // stream that tells the event itself has met no other daemon.
        guard newest.id.sequence <= place.sequence || follows(newest) else { return [] }
        told.removeAll { $0.id.sequence > newest.id.sequence }
        var first = told.first?.id.previous ?? place
        first.sequence = min(first.sequence, place.sequence)
        guard truth.isComplete(after: first, through: newest.id.sequence) else { return [] }
        let states = told.flatMap(\.items).reduce(into: [:]) { $0[$1.key] = $1.status }
        return (items + services).compactMap { item in
            guard let state = states[item.key], state != item.status else { return nil }
            return "\(words): \(item.key) is \(item.status), and was told to be \(state)"
        }
    }
}

package import StatusModel

/// When a milestone is an event: a webhook and the read that confirms it tell of one thing, and tell it once.
extension Milestone {
    /// How much later than a webhook has told of it a provider's answers may date the same thing.
    package static let confirmationSlack = Duration.seconds(10)

    /// Whether it tells of something that a known one, if that is of its kind, has not told of.
    package func isNews(after known: Milestone) -> Bool {
        guard kind == known.kind else { return !isBegin(ofEnded: known) }
        if !subject.isEmpty, subject == known.subject { return false }
        let end = known.isTold && !isTold ? known.at.advanced(by: Self.confirmationSlack) : known.at
        return end < at
    }

    /// What has ended did begin, and whoever was told of the end need not hear of that.
    private func isBegin(ofEnded other: Milestone) -> Bool {
        kind == EventKind.deployStarted && other.kind == EventKind.deployFinished && !subject.isEmpty
            && subject == other.subject
    }
}

extension Reading {
    /// For how long what a webhook has told stands against answers that do not know of it yet.
    package static let toldStandsFor = Duration.seconds(60)

    /// The reading as it follows an earlier one. Of a deployment that a webhook has told of and the answers do not reach, the
    /// earlier one says more, and stands as long as the provider's copies may lag.
    func following(_ earlier: Reading?, at now: Moment) -> Reading {
        var next = keepingMilestones(of: earlier)
        guard let earlier, lags(behind: earlier, at: now) else { return next }
        // Trouble beside the deployments is of now.
        if next.problem == nil { next.status = earlier.status }
        (next.summary, next.environments) = (earlier.summary, earlier.environments)
        return next
    }

    private func lags(behind earlier: Reading, at now: Moment) -> Bool {
        earlier.milestones.contains { told in
            told.isTold && !told.subject.isEmpty && now.wall.since(told.at) < Self.toldStandsFor
                && !milestones.contains {
                    $0.kind == told.kind && ($0.subject == told.subject || $0.at >= told.at)
                }
        }
    }

    /// The reading with the milestones of an earlier one that it does not reach. A provider answers from copies that lag, and
    /// what was told must not be taken back, or it would be told again.
    func keepingMilestones(of earlier: Reading?) -> Reading {
        guard let earlier, !earlier.milestones.isEmpty else { return self }
        var kept = self
        for known in earlier.milestones {
            guard let index = kept.milestones.firstIndex(where: { $0.kind == known.kind }) else {
                kept.milestones.append(known)
                continue
            }
            let own = kept.milestones[index]
            let isSame = !own.subject.isEmpty && own.subject == known.subject
            if own.at < known.at, !isSame { kept.milestones[index] = known }
        }
        return kept
    }
}

extension ProjectSnapshot {
    /// A webhook has told of an item. Its reading is what it is with that, until it is read again; a failure stands, for
    /// nobody was asked.
    package func told(_ reading: Reading, of key: ItemKey) -> ProjectSnapshot {
        updating(key) { record in record.reading = reading.keepingMilestones(of: record.reading) }
    }
}

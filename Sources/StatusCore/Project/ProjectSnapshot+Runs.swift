package import StatusModel

/// What reported runs leave in a project (SPEC §3).
extension ProjectSnapshot {
    /// A run was reported: it is the newest of its kind unless a newer one is known, its items were touched when it
    /// ended, and how long its checks took is counted beside what was read.
    ///
    /// Nothing of it is news but the times: figures tremble with every sample.
    ///
    /// - Parameters:
    ///   - report: The run. What it says of an item that is not linked changes nothing.
    ///     One that ended before another that is known comes late and takes the place of nothing.
    ///   - now: When it was reported. What is known to have ended later than that was noted before the clock was set
    ///     back, and holds up nobody.
    /// - Returns: The project after it.
    package func applied(_ report: RunReport, at now: UnixTime) -> ProjectSnapshot {
        var next = self
        let run = report.record(at: now)
        if !lastRuns.contains(where: { $0.kind == run.kind && min($0.at, now) > run.at }) {
            next.note(run, naming: report.namedItems)
        }
        let latencies = report.passedLatencies
        for key in items(touchedBy: report) {
            next.replace(key) { $0.note(latencies[key] ?? [], ofRunEndedAt: run.at, now: now) }
        }
        return next
    }

    /// Puts back the newest runs that a store kept; those of other projects are passed over.
    package func restoring(runs: some Sequence<StoredRun>) -> ProjectSnapshot {
        runs.reduce(into: self) { snapshot, stored in
            let isLate = snapshot.lastRuns.contains { $0.kind == stored.run.kind && $0.at > stored.run.at }
            guard stored.project == projectID, !isLate else { return }
            snapshot.note(stored.run, naming: Set(stored.keys))
        }
    }

    /// The newest runs, for a store that has lost what it kept. By what name they were reported is lost with it.
    package var storedRuns: [StoredRun] {
        lastRuns.map { StoredRun(project: projectID, id: "", run: $0, keys: (runItems[$0.kind] ?? []).sorted()) }
    }

    /// The linked items that a run touches, in order: those it names, or all when anything in it concerns the project
    /// as a whole.
    package func items(touchedBy report: RunReport) -> [ItemKey] {
        let named = report.namedItems
        let isWhole = report.concernsWholeProject
        return (items + services).filter { $0.link == .linked && (isWhole || named.contains($0.key)) }.map(\.key)
    }

    /// The newest run of each kind that the role may see, by kind. A run that names an item which policy hides from the
    /// role would tell by its outcome how that item is.
    package func lastRuns(for role: Role) -> [RunRecord] {
        lastRuns.filter { run in
            !(runItems[run.kind] ?? []).contains { isHidden($0, from: role) }
        }.sorted { $0.kind < $1.kind }
    }

    private mutating func note(_ run: RunRecord, naming keys: Set<ItemKey>) {
        lastRuns.removeAll { $0.kind == run.kind }
        lastRuns.append(run)
        runItems[run.kind] = keys
    }
}

extension ItemRecord {
    /// The most latencies of runs that an item keeps.
    package static let runLatenciesMax = 32

    /// Those of a late run are older than what is known: they fill the room that there is and push nothing out.
    fileprivate mutating func note(_ latencies: [Duration], ofRunEndedAt end: UnixTime, now: UnixTime) {
        let last = lastRunAt.map { min($0, now) } ?? end
        let known = end < last ? latencies + runLatencies : runLatencies + latencies
        runLatencies = known.suffix(Self.runLatenciesMax)
        lastRunAt = max(last, end)
    }
}

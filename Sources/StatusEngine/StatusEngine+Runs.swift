package import StatusCore
package import StatusModel

// Reported runs (SPEC §3): nothing acknowledged is lost, and nothing counts twice.
extension StatusEngine {
    /// Takes the report of a run, and returns once it is durable.
    ///
    /// The run shows at once. Where the store cannot keep it the error says so, and it is kept as soon as the store can;
    /// the same run reported again waits for that and counts no second time. Without an id each report counts.
    ///
    /// - Parameter report: The run, checked against the project (``RunReport/mistake(about:at:)``).
    /// - Returns: The event that it became; nil when there is no such project.
    /// - Throws: Why the store cannot keep it at the moment, or look whether it was reported before.
    package func report(_ report: RunReport) async throws(StoreError) -> RunReceipt? {
        guard projects[report.projectID] != nil else { return nil }
        if runs.isFull { try await makeRunsDurable() }
        let name = RunName(report)
        if let name {
            if let known = runs[name] { return try await receipt(ofKnown: known) }
            runs.beginLookup(of: name)
            let stored: StoredRun?
            do throws(StoreError) {
                stored = try await store.run(name.id, of: name.project, kind: name.kind.rawValue)
            } catch {
                runs.endLookup(of: name)
                throw error
            }
            // It may have been reported while the store was asked.
            let known = runs[name]
            runs.endLookup(of: name)
            if let known { return try await receipt(ofKnown: known) }
            if let stored { return RunReceipt(event: stored.event, isDuplicate: true) }
        }
        guard let project = projects[report.projectID] else { return nil }
        guard !runs.isFull else { throw tooManyRuns }
        let event = apply(report, to: project)
        runs.add(name, event)
        try await makeRunsDurable()
        return RunReceipt(event: event.map(journal.issued))
    }

    private var tooManyRuns: StoreError {
        StoreError(
            code: .unavailable,
            message: "\(runs.waitingMax) reported runs wait for the store already; see what keeps it from saving.")
    }

    private func receipt(ofKnown run: Ledger<RunName, EventID?>.Entry) async throws(StoreError) -> RunReceipt {
        if !run.isDurable { try await makeRunsDurable() }
        return RunReceipt(event: run.outcome.map(journal.issued), isDuplicate: true)
    }

    private func makeRunsDurable() async throws(StoreError) {
        let count = runs.count
        try await flushed()
        runs.noteDurable(count)
    }

    /// Shows the run, tells of it, has its items read again, and hands it to the store.
    func apply(_ report: RunReport, to project: Project) -> EventID? {
        let id = report.projectID
        let now = time.now
        let old = project.snapshot
        var new = old.applied(report, at: now.wall)
        // The view's last runs belong to no item, so a change of them is counted here.
        for role in Role.allCases where new.lastRuns(for: role) != old.lastRuns(for: role) {
            new.revisions[role, default: 0] += 1
        }
        adopt(new, of: id, at: now)
        let run = report.record(at: now.wall)
        let event = announce(report, run, on: project.entry, at: now)
        let touched = old.items(touchedBy: report)
        // A refusal keeps its own time: it is not asked for again because somebody makes a run every minute.
        let readable = touched.filter { old.record(of: $0)?.failure?.failure.isRefusal != true }
        if !readable.isEmpty { _ = invalidate(id, keys: readable) }
        let items = touched.compactMap { storedItem(ItemReference(project: id, key: $0)) }
        keep { batch in
            batch.runs.append(
                StoredRun(project: id, id: report.runID, run: run, keys: report.namedItems.sorted(), event: event))
            batch.items += items
        }
        return event
    }

    /// Tells of the run whoever sees all the items that it names.
    private func announce(
        _ report: RunReport, _ run: RunRecord, on entry: BoardEntry, at now: Moment
    ) -> EventID? {
        let snapshot = entry.snapshot
        // Written once for all who may read the same of it.
        var lines: [Redaction: String] = [:]
        var views = entry.eventViews(at: now)
        return tell(EventKind.runFinished, of: entry.id, at: now) { role in
            guard !report.namedItems.contains(where: { snapshot.isHidden($0, from: role) }) else { return nil }
            let line = lines[Redaction(for: role)] ?? report.line(for: role)
            lines[Redaction(for: role)] = line
            return StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: run.at, kind: EventKind.runFinished, changed: [],
                view: views.view(for: role), message: line)
        }
    }
}

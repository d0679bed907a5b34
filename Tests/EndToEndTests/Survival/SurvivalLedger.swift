import Locks
import StatusModel
import Synchronization

/// What was acknowledged and what was seen over all rounds: the model that each start is held against.
final class SurvivalLedger: Sendable {
    private struct State {
        var acknowledged: [RunReport] = []
        /// Sent, and no answer came: each may be there or not, but only once.
        var unanswered: [RunReport] = []
        /// Acknowledged, and not found again yet since then.
        var unverified: [RunReport] = []
        /// When the newest content was taken that anybody saw in this life of the daemon.
        var seen: [ProjectID: UnixTime] = [:]
        /// The same, of what must outlast a crash.
        var durable: [ProjectID: UnixTime] = [:]
        var lastRunNumber = 0
    }

    private let state = Lock(State())

    var acknowledged: [RunReport] { state.withLock { $0.acknowledged } }
    var seen: [ProjectID: UnixTime] { state.withLock { $0.seen } }
    func durable(_ project: ProjectID) -> UnixTime? { state.withLock { $0.durable[project] } }

    /// A run that is to be reported next: one whose fate is unknown, or a new one.
    func nextRun(of project: ProjectID, kind: RunKind, key: ItemKey?, endedAt: UnixTime) -> RunReport {
        state.withLock { state in
            if state.lastRunNumber.isMultiple(of: 3), let again = state.unanswered.popLast() { return again }
            state.lastRunNumber += 1
            let result = RunResult(
                name: "checks out", key: key, passed: true, latency: .milliseconds(state.lastRunNumber % 50 + 1))
            return RunReport(
                projectID: project, kind: kind, results: [result], endedAt: endedAt,
                runID: "run-\(state.lastRunNumber)")
        }
    }

    /// Before it is answered, a run may be there or not.
    func sent(_ run: RunReport) { state.withLock { $0.unanswered.append(run) } }

    /// `seenBefore` is what had been seen when the run was sent: one commit follows another, so that is kept too.
    func acknowledge(_ run: RunReport, seenBefore: [ProjectID: UnixTime]) {
        state.withLock { state in
            state.unanswered.removeAll { $0.runID == run.runID }
            state.acknowledged.append(run)
            state.unverified.append(run)
            state.durable.merge(seenBefore) { max($0, $1) }
        }
    }

    /// What was seen of the last life and not kept may be lost with it.
    func beginLife() { state.withLock { $0.seen = [:] } }

    func see(_ project: ProjectID, at updatedAt: UnixTime) {
        state.withLock { $0.seen[project] = max($0.seen[project] ?? updatedAt, updatedAt) }
    }

    /// It was read from the store, or the store was told of it before an orderly end.
    func confirm(_ project: ProjectID, at updatedAt: UnixTime) {
        state.withLock { $0.durable[project] = max($0.durable[project] ?? updatedAt, updatedAt) }
    }

    func confirmAllSeen() { state.withLock { $0.durable.merge($0.seen) { max($0, $1) } } }

    /// Takes what a start is still to be asked for.
    func takeUnverified() -> [RunReport] {
        state.withLock { state in
            defer { state.unverified = [] }
            return state.unverified
        }
    }

    /// Puts back what the daemon did not live to say.
    func putBack(_ runs: some Sequence<RunReport>) { state.withLock { $0.unverified += runs } }

    /// When the newest acknowledged run of each kind ended.
    func newestEndings(of project: ProjectID) -> [String: UnixTime] {
        state.withLock { state in
            state.acknowledged.filter { $0.projectID == project }.reduce(into: [:]) { newest, run in
                guard let endedAt = run.endedAt else { return }
                newest[run.kind.rawValue] = max(newest[run.kind.rawValue] ?? endedAt, endedAt)
            }
        }
    }
}

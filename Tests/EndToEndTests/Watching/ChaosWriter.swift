import Locks
import StatusModel
import Synchronization
import TelltaleClient
import TestSupport
import Testing

/// The runs that were acknowledged, as the events that they became.
final class ChaosLedger: Sendable {
    private struct State {
        var acknowledged: [StatusEvent] = []
        var unanswered: [RunReport] = []
        var lastNumber = 0
    }

    private let state = Lock(State())

    var acknowledged: [StatusEvent] { state.withLock { $0.acknowledged } }

    /// A run that nobody answered for, or a new one.
    func nextRun(of project: ProjectID) -> RunReport {
        state.withLock { state in
            if let index = state.unanswered.firstIndex(where: { $0.projectID == project }) {
                return state.unanswered.remove(at: index)
            }
            state.lastNumber += 1
            let result = RunResult(
                name: "checks out", key: .provider(.github), passed: state.lastNumber % 3 > 0,
                latency: .milliseconds(state.lastNumber % 50 + 1))
            return RunReport(
                projectID: project, kind: state.lastNumber.isMultiple(of: 2) ? .diagnostics : .smokeTests,
                results: [result], endedAt: .now, runID: "run-\(state.lastNumber)")
        }
    }

    func notAnswered(_ run: RunReport) { state.withLock { $0.unanswered.append(run) } }

    func acknowledge(_ run: RunReport, as id: EventID) {
        let event = StatusEvent(id: id, at: .now, projectID: run.projectID, kind: "run:finished")
        state.withLock { $0.acknowledged.append(event) }
    }
}

/// Those who make things happen at one daemon, until it is gone or their time is over.
struct ChaosWriters {
    let daemon: RunningDaemon
    let simulator: RunningSimulator
    let ledger: ChaosLedger
    let projects: [ProjectID]

    func run() async {
        await withTaskGroup { group in
            for project in projects {
                group.addTask { await report(on: project) }
                group.addTask { await push(to: project) }
            }
        }
    }

    private func report(on project: ProjectID) async {
        let client = daemon.client()
        defer { client.close() }
        while daemon.process.state.ending == nil {
            let run = ledger.nextRun(of: project)
            do throws(TelltaleError) {
                if let id = try await client.reportRun(run).event { ledger.acknowledge(run, as: id) }
            } catch {
                ledger.notAnswered(run)
                return
            }
            await rest(milliseconds: 2)
        }
    }

    private func push(to project: ProjectID) async {
        while daemon.process.state.ending == nil {
            // Refused by nobody who is there; the simulator outlives the daemon.
            try? await simulator.push("acme/\(project.rawValue)")
            await rest(milliseconds: 40)
        }
    }
}

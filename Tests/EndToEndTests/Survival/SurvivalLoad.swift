import Glibc
import LinuxSystem
import StatusModel
import TelltaleClient
import Testing

/// What asks and tells a daemon until it is gone: readers of every mode, and somebody who reports runs.
struct SurvivalLoad {
    /// Runs of one round, so that all of them can be asked for again.
    private static let runsMax = 12

    let daemon: RunningDaemon
    let ledger: SurvivalLedger
    let projects: [ProjectID]
    let plan: KillPlan

    /// Returns when the daemon answers no more.
    func run() async {
        await withTaskGroup { group in
            for mode in ReadingMode.allCases {
                group.addTask {
                    await untilGone { client, turn throws(TelltaleError) in
                        try await read(client, turn, mode: mode)
                    }
                }
            }
            group.addTask {
                await untilGone(turns: Self.runsMax) { client, turn throws(TelltaleError) in
                    try await report(client, turn)
                }
            }
        }
    }

    private func untilGone(
        turns: Int = .max, _ work: (TelltaleClient, Int) async throws(TelltaleError) -> Void
    ) async {
        let client = daemon.client()
        defer { client.close() }
        var turn = 0
        while turn < turns {
            do throws(TelltaleError) { try await work(client, turn) } catch {
                // The connection broke, or there is nobody at the socket any more; a refusal of the daemon has a reason.
                let isGone = [.unavailable, .cancelled].contains(error.code) && error.reason.isEmpty
                if !isGone, !plan.isDrained { Issue.record("\(plan): \(error)") }
                return
            }
            turn += 1
        }
    }

    private func read(_ client: TelltaleClient, _ turn: Int, mode: ReadingMode) async throws(TelltaleError) {
        let project = projects[turn % projects.count]
        let contract = ReadersContract(maxAge: .milliseconds(200), maxWait: .milliseconds(50))
        let answer = try await client.status(of: project, contract: contract, mode: mode)
        guard let envelope = answer.envelope else { return }
        if let updatedAt = envelope.items[0].updatedAt { ledger.see(project, at: updatedAt) }
    }

    private func report(_ client: TelltaleClient, _ turn: Int) async throws(TelltaleError) {
        let project = projects[turn % projects.count]
        let run = ledger.nextRun(
            of: project, kind: turn.isMultiple(of: 2) ? .diagnostics : .smokeTests, key: .provider(.github),
            endedAt: .now)
        let seenBefore = ledger.seen
        ledger.sent(run)
        let receipt = try await client.reportRun(run)
        // That a run is known already is told at once; only a new one waits for the disk, and what was seen before with it.
        ledger.acknowledge(run, seenBefore: receipt.isDuplicate ? [:] : seenBefore)
    }
}

extension UnixTime {
    /// This host's wall clock.
    static var now: UnixTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

import StatusModel
import TelltaleClient
import Testing

/// What must hold after each start, whatever ended the daemon before.
struct SurvivalCheck {
    /// Ages are told by the daemon's clock, a moment before this test looks at its own.
    private static let ageTolerance = Duration.seconds(1)
    /// A time that was stored comes back by way of the monotonic clock, from which a time server slews the wall clock.
    private static let clockTolerance = Duration.milliseconds(100)

    let daemon: RunningDaemon
    let ledger: SurvivalLedger
    let projects: [ProjectID]
    let startedAt: UnixTime
    /// Which round this is, for whoever reads of a failure.
    let words: String

    /// A daemon that is killed meanwhile leaves the rest to the next start.
    func run() async {
        let client = daemon.client()
        defer { client.close() }
        let runs = ledger.takeUnverified()
        var verifiedCount = 0
        do throws(TelltaleError) {
            for project in projects { try await checkStatus(of: project, client) }
            for run in runs {
                // Asked for a second time, only what was kept is a duplicate.
                let receipt = try await client.reportRun(run)
                #expect(receipt.isDuplicate, "\(words): \(run.runID) was acknowledged, and is lost")
                verifiedCount += 1
            }
        } catch {
            if daemon.process.state.ending == nil, !error.reason.isEmpty { Issue.record("\(words): \(error)") }
        }
        ledger.putBack(runs.dropFirst(verifiedCount))
    }

    private func checkStatus(of project: ProjectID, _ client: TelltaleClient) async throws(TelltaleError) {
        let durable = ledger.durable(project)
        let asked = ContinuousClock.now
        let answer = try await client.status(of: project)
        let wait = asked.duration(to: .now)
        let now = UnixTime.now
        guard let envelope = answer.envelope, let item = envelope.items.first else {
            Issue.record("\(words): an answer without an envelope")
            return
        }
        if let durable {
            #expect([.hit, .stale].contains(answer.source), "\(words): \(project) was known, and is \(answer.source)")
            #expect(wait < EndToEnd.OutageTests.atOnce, "\(words): \(project) was told after \(wait)")
            let age = item.updatedAt.map { durable.since($0) } ?? .seconds(Int64.max)
            #expect(age < Self.clockTolerance, "\(words): \(project) is older than what was kept, by \(age)")
        }
        if let updatedAt = item.updatedAt {
            #expect(item.status == .connected, "\(words): \(item)")
            #expect(item.label == "acme/\(project)", "\(words): \(item)")
            #expect(updatedAt.since(now) < Self.clockTolerance, "\(words): \(project) is from the future")
            checkAge(answer.age, of: project, now.since(updatedAt))
            // What is older than the daemon was in the store; it may have read something newer by now.
            if updatedAt < startedAt { ledger.confirm(project, at: updatedAt) }
        }
        checkRuns(envelope)
    }

    private func checkAge(_ age: Duration?, of project: ProjectID, _ expected: Duration) {
        let error = (age ?? .seconds(Int64.max)) - expected
        #expect(max(error, .zero - error) < Self.ageTolerance, "\(words): \(project) says it is \(age as Any) old")
    }

    private func checkRuns(_ envelope: StatusEnvelope) {
        for (kind, endedAt) in ledger.newestEndings(of: envelope.projectID) {
            let kept = envelope.lastRuns.first { $0.kind == kind }
            guard let kept else {
                Issue.record("\(words): no run of \(kind) is left of \(envelope.projectID)")
                continue
            }
            #expect(
                endedAt.since(kept.at) < Self.clockTolerance, "\(words): \(envelope.projectID) has an older \(kind)")
            #expect(kept.passed, "\(words)")
        }
    }
}

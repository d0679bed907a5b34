import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension TelltaleClient {
    /// Asks again and again until the answer is what a test waits for; its time limit ends that.
    func status(of project: ProjectID, until isWanted: (StatusAnswer) -> Bool) async throws -> StatusAnswer {
        while true {
            let answer = try await status(of: project)
            if isWanted(answer) { return answer }
            try Task.checkCancellation()
        }
    }

    /// Has the project read now. The daemon does so at most once in `forceInterval`, so this asks until it does.
    @discardableResult
    func refresh(_ project: ProjectID) async throws -> StatusAnswer {
        while true {
            let answer = try await status(
                of: project, contract: ReadersContract(maxWait: .seconds(10)), mode: .force)
            if answer.source == .fetched { return answer }
            try Task.checkCancellation()
        }
    }
}

extension RunReport {
    /// A smoke test of ``StatusModel/ProjectID/shop`` that passed. Its items are read anew because of it.
    static func named(_ id: String) -> RunReport {
        RunReport(
            projectID: .shop, kind: .smokeTests, results: [RunResult(name: "checks out", passed: true)], runID: id)
    }
}

extension TelltaleClient {
    /// What the daemon tells of a project once it has read all that was due.
    func settled(_ project: ProjectID) async throws -> StatusAnswer {
        try await status(of: project) { $0.source == .hit && !$0.isRefreshing }
    }

    /// Reports a run that the daemon has not heard of. When this returns it is durable, with all that was known before.
    func reportKept(_ id: String) async throws {
        let receipt = try await reportRun(.named(id))
        #expect(!receipt.isDuplicate)
    }

    /// Returns once all that the daemon knows is durable. It needs the project ``Stage/bystander``: a run is acknowledged
    /// with all that was known before it, and has its project read anew, which must be none that the test is about.
    func waitUntilKept() async throws {
        _ = try await reportRun(RunReport(projectID: ProjectID(known: "bystander"), kind: .diagnostics))
    }
}

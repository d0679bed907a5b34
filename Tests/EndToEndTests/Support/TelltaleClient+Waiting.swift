import StatusModel
import TelltaleClient
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
    /// A smoke test of ``StatusModel/ProjectID/shop`` that passed. It names no item, so all of them are read anew.
    static func named(_ id: String) -> RunReport {
        RunReport(
            projectID: .shop, kind: .smokeTests,
            results: [RunResult(name: "checks out", passed: true)], runID: id)
    }
}

extension TelltaleClient {
    /// What the daemon tells of a project once it has read all that was due, and made it durable.
    func settled(_ project: ProjectID) async throws -> StatusAnswer {
        while true {
            let answer = try await status(of: project)
            let store = try await cacheStatistics().store
            if answer.source == .hit, !answer.isRefreshing, store.isPersisting, store.pending == 0 { return answer }
            try Task.checkCancellation()
        }
    }

    /// Reports a run that the daemon has not heard of. When this returns it is durable, with all that was known before.
    func reportKept(_ id: String) async throws {
        let receipt = try await reportRun(.named(id))
        #expect(!receipt.isDuplicate)
    }
}

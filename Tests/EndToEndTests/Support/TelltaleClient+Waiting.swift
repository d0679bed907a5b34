import StatusModel
import TelltaleClient

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

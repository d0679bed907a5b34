import LinuxSystem
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore

/// What the methods answer that take news from outside.
struct IngestMethods: Sendable {
    let engine: StatusEngine
    let time: any TimeSource

    /// `ReportRun`: answered once the run is durable, so that whoever has an answer need not ask again.
    func reportRun(_ report: RunReport, _ caller: Principal) async throws(RPCStatus) -> RunReceipt {
        guard caller.role >= .editor else {
            throw CallErrors.denied("The role \(caller.role.rawValue) may look and not report runs.")
        }
        guard let entry = engine.board[report.projectID] else { throw CallErrors.unknownProject(report.projectID) }
        if let mistake = report.mistake(about: entry.snapshot, at: time.now.wall) {
            throw CallErrors.invalid(mistake.field, mistake.reason)
        }
        let receipt: RunReceipt?
        do throws(StoreError) { receipt = try await engine.report(report) } catch {
            throw CallErrors.notKept(report, error, caller.role)
        }
        guard let receipt else { throw CallErrors.unknownProject(report.projectID) }
        FailPoint.pass("run.acknowledge.before")
        return receipt
    }
}

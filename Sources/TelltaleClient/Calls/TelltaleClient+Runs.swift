import ProtobufMessages
public import StatusModel
import StatusWire

extension TelltaleClient {
    /// Reports a diagnostics or smoke-test run: it shows in the project's last runs, its latencies count among the
    /// samples of the items that it names, and these are read again.
    ///
    /// A run with an id counts once however often it is reported, so a report that failed is simply made again. One
    /// without is sent once: where the connection breaks under it nobody knows whether it has counted.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - timeout: How long to wait for the answer; nil for the client's own.
    /// - Returns: the event that it became. The daemon has put the run on its disk by then.
    /// - Throws: ``TelltaleError/Code/invalidArgument`` for a report that breaks a bound, or names an item that the
    ///   project does not have; ``TelltaleError/Code/permissionDenied`` for a role that may only look;
    ///   ``TelltaleError/Code/unavailable`` while the daemon cannot keep it.
    public func reportRun(_ report: RunReport, timeout: Duration? = nil) async throws(TelltaleError) -> RunReceipt {
        let isRepeatable = !report.runID.isEmpty
        return try await channel().call(.reportRun, timeout: timeout, isRepeatable: isRepeatable) {
            report.encoded(in: $0)
        }
    }
}

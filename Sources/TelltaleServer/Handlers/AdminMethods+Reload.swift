import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCCore

/// Reads the configuration anew, as ``Reloader/reload()`` does.
package typealias Reload = @Sendable () async -> Reloader.Outcome

extension AdminMethods {
    /// At most so many bytes of mistakes travel in an answer, so that it fits the shortest frame that can be configured.
    private static let mistakesBytesMax = 12 << 10

    /// `Reload`: the same as SIGHUP, and the caller hears how it went.
    func reload(_ caller: Principal) async throws(RPCStatus) -> ReloadReport {
        guard caller.role >= .admin else {
            throw CallErrors.denied("The role \(caller.role.rawValue) may not reload the configuration; admin may.")
        }
        guard let reload else { throw CallErrors.notYet("Reloading the configuration", in: MessageArena()) }
        switch await reload() {
        case .success(let report): return report
        case .failure(let error): throw Self.refused(error)
        }
    }

    /// Every mistake on a line of its own, as `telltaled --check-config` has it.
    private static func refused(_ error: ConfigurationError) -> RPCStatus {
        let count = error.mistakes.count
        var text = "The configuration has \(count) \(count == 1 ? "mistake" : "mistakes"); "
        text += "the one before it stays in force."
        for (index, mistake) in error.mistakes.enumerated() {
            let line = "\n\(mistake)"
            guard text.utf8.count + line.utf8.count <= mistakesBytesMax else {
                text += "\nand \(count - index) more; telltaled --check-config names them"
                break
            }
            text += line
        }
        return ErrorStatus(
            code: StatusCode.failedPrecondition.rawValue, message: text, reason: "CONFIGURATION_INVALID"
        ).rpcStatus(in: MessageArena())
    }
}

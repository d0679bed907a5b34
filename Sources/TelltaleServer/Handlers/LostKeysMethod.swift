import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore

/// `AcceptLostKeys`: an owner or admin vouches for all keys at once, where callers cannot for each of theirs.
struct LostKeysMethod: Sendable {
    let engine: StatusEngine
    let audit: AuditLog

    func accept(_ caller: Principal) async throws(RPCStatus) -> LostKeysReceipt {
        guard caller.role >= .admin else {
            audit.lostKeys("denied", caller)
            throw CallErrors.denied("The role \(caller.role.rawValue) may not accept that keys are lost; admin may.")
        }
        do throws(LogFailure) { try await audit.losingKeysAllowed(caller) } catch {
            throw CallErrors.lossNotAudited(error)
        }
        do throws(StoreError) {
            let isAccepted = try await engine.acceptLostKeys()
            if isAccepted { audit.lostKeys("accepted", caller) }
            return LostKeysReceipt(isAccepted: isAccepted)
        } catch {
            audit.lostKeys("refused", caller)
            throw CallErrors.lossNotAccepted(error, caller.role)
        }
    }
}

import ProtobufMessages
public import StatusModel
import StatusWire

extension TelltaleClient {
    /// Hands on a webhook as it came. The daemon checks its signature, tells its watchers what it says, and reads again what
    /// it concerns.
    ///
    /// A delivery counts once however often it is handed on, so one that failed is simply handed on again.
    ///
    /// - Parameters:
    ///   - delivery: The webhook: all headers, and the body byte for byte.
    ///   - timeout: How long to wait for the answer; nil for the client's own.
    /// - Returns: the events that it became. The daemon has put them on its disk by then.
    /// - Throws: ``TelltaleError/Code/unauthenticated`` for a delivery that is not genuine, which its sender is to be answered
    ///   with 401; ``TelltaleError/Code/failedPrecondition`` when the configuration names no secret to check it by;
    ///   ``TelltaleError/Code/invalidArgument`` for one that breaks a bound or cannot be read;
    ///   ``TelltaleError/Code/permissionDenied`` for a role that may only look; ``TelltaleError/Code/unavailable`` while the
    ///   daemon cannot keep it.
    public func ingestWebhook(
        _ delivery: WebhookDelivery, timeout: Duration? = nil
    ) async throws(TelltaleError) -> WebhookReceipt {
        try await channel().call(.ingestWebhook, timeout: timeout) { delivery.encoded(in: $0) }
    }
}

import ProtobufMessages
public import StatusModel
import StatusWire

extension TelltaleClient {
    /// Has an action run, and returns as soon as it is recorded.
    ///
    /// ```swift
    /// let request = ActionRequest(
    ///     projectID: shop, key: .provider(.vercel), action: "deploy-production", idempotencyKey: key)
    /// let receipt = try await client.run(request)
    /// for try await operation in client.follow(receipt.operation.id) { print(operation.summary) }
    /// ```
    ///
    /// The same key with the same request gives the same operation for 24 hours, so a call that failed is simply made again.
    ///
    /// - Parameters:
    ///   - request: What is to be done, and under which key.
    ///   - timeout: How long to wait for the answer; nil for the client's own.
    /// - Returns: the operation. The daemon has put it on its disk by then, but for a dry run, of which nothing is kept.
    /// - Throws: ``TelltaleError/Code/permissionDenied`` for a role that may not do this, whether or not there is such a
    ///   target; ``TelltaleError/Code/invalidArgument`` for a wrong payload or key;
    ///   ``TelltaleError/Code/failedPrecondition`` when the state forbids it, or the key stands for another request;
    ///   ``TelltaleError/Code/resourceExhausted`` beyond the actions of a minute, with when to try again;
    ///   ``TelltaleError/Code/unavailable`` while the daemon cannot keep it.
    public func run(_ request: ActionRequest, timeout: Duration? = nil) async throws(TelltaleError) -> OperationReceipt
    {
        try await channel().call(.runAction, timeout: timeout) { request.encoded(in: $0) }
    }

    /// Asks how far an operation is, and waits for it to move where the query says so.
    ///
    /// - Parameters:
    ///   - query: Which, and for how long to wait.
    ///   - timeout: How long to wait for the answer; nil for the client's own, and the query's wait on top.
    /// - Returns: the operation as it stands.
    /// - Throws: ``TelltaleError/Code/notFound`` when there is none, or none that the role may see.
    public func operation(
        _ query: OperationQuery, timeout: Duration? = nil
    ) async throws(TelltaleError) -> Operation {
        let timeout = timeout ?? configuration.timeout + min(max(.zero, query.wait), OperationQuery.waitMax)
        let answer: GetOperationResponse = try await channel().call(.getOperation, timeout: timeout) {
            query.encoded(in: $0)
        }
        return answer.operation
    }

    /// Lists the operations of a project, the newest first, a page at a time.
    ///
    /// - Parameters:
    ///   - query: Which, and from where on.
    ///   - timeout: How long to wait for the answer; nil for the client's own.
    /// - Returns: a page, and what asks for the next one.
    /// - Throws: ``TelltaleError/Code/notFound`` for an unknown project.
    public func operations(
        _ query: OperationListQuery, timeout: Duration? = nil
    ) async throws(TelltaleError) -> OperationPage {
        try await channel().call(.listOperations, timeout: timeout) { query.encoded(in: $0) }
    }
}

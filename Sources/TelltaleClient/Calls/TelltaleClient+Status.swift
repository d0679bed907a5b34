import ProtobufMessages
public import StatusModel
import StatusWire

extension TelltaleClient {
    /// Reads the status of one project: what the daemon knows, at once, and how old it is.
    ///
    /// - Parameters:
    ///   - project: The project.
    ///   - contract: What the caller asks of the answer; by default nothing.
    ///   - mode: How ready the caller is to wait for something newer.
    ///   - hash: The digest that the caller holds: if it still is the view's, the answer is `notModified` and has no
    ///     envelope.
    ///   - timeout: How long to wait for the answer; nil for the client's own, and `contract.maxWait` on top.
    /// - Returns: the envelope, where it came from, and its age.
    /// - Throws: ``TelltaleError/Code/notFound`` for an unknown project, ``TelltaleError/Code/unavailable`` when no
    ///   daemon can be reached or what is known is older than `contract.maxStale`.
    public func status(
        of project: ProjectID, contract: ReadersContract = ReadersContract(), mode: ReadingMode = .cached,
        ifNoneMatch hash: String? = nil, timeout: Duration? = nil
    ) async throws(TelltaleError) -> StatusAnswer {
        let timeout = timeout ?? configuration.timeout + max(.zero, contract.maxWait ?? .zero)
        let request = GetStatusRequest(
            projectID: project, ifNoneMatch: hash ?? "", contract: contract, mode: mode, timeout: timeout)
        return try await channel().call(.getStatus, timeout: timeout) { request.encoded(in: $0) }
    }

    /// Asks why an item is what it is: what its status rests on, what is wrong, and when it is read next. It starts no
    /// refresh and is no demand.
    ///
    /// - Parameters:
    ///   - project: The project.
    ///   - key: The item.
    ///   - timeout: How long to wait for the answer; nil for the client's own.
    /// - Returns: sentences for people, and the facts that they are made of.
    /// - Throws: ``TelltaleError/Code/notFound`` for an unknown project or item.
    public func explain(
        _ project: ProjectID, key: ItemKey, timeout: Duration? = nil
    ) async throws(TelltaleError) -> ItemExplanation {
        let request = ExplainRequest(projectID: project, key: key)
        return try await channel().call(.explain, timeout: timeout) { request.encoded(in: $0) }
    }

    /// Makes what is known count as out of date: it is read again as soon as somebody wants it, and shown until then.
    ///
    /// - Parameters:
    ///   - project: The project; nil for every project.
    ///   - keys: The items; none means all of the project.
    ///   - timeout: How long to wait for the answer; nil for the client's own.
    /// - Returns: how many items now count as out of date.
    /// - Throws: ``TelltaleError/Code/permissionDenied`` for a role that may only look.
    @discardableResult
    public func invalidate(
        _ project: ProjectID?, keys: [ItemKey] = [], timeout: Duration? = nil
    ) async throws(TelltaleError) -> Int {
        let request = InvalidateRequest(projectID: project, keys: keys)
        let answer: InvalidateResponse = try await channel().call(.invalidate, timeout: timeout) {
            request.encoded(in: $0)
        }
        return answer.invalidated
    }
}

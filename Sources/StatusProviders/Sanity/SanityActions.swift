package import HTTPClient
package import StatusCore
import StatusModel

/// Carries out what can be done to a project on Sanity (providers.md §4.4). Nothing there is changed: the documents are
/// read again, or the studio's address is looked up.
package struct SanityActions: ActionExecutor {
    private let transport: any HTTPTransport
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - userAgent: Whom Sanity shall see.
    package init(transport: any HTTPTransport, userAgent: String = "telltale") {
        self.transport = transport
        self.userAgent = userAgent
    }

    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan {
        _ = try Self.target(of: call)
        _ = try ActionPayload(call.payload, taking: [])
        switch call.action {
        case .sync: return ActionPlan(OperationWords("Reads the documents again"), isSending: false)
        case .openStudio: return ActionPlan(OperationWords("Looks up the studio's address"), isSending: false)
        default: throw .foreign("Sanity")
        }
    }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        _ = try plan(call)
        // Whoever orders an action has its item read again besides.
        guard call.action == .openStudio else { return .done(ActionResult(OperationWords("Read again"))) }
        let target = try Self.target(of: call)
        let requests: SanityRequests
        do throws(ProviderFailure) {
            requests = try SanityRequests(target: target, secret: call.secret, userAgent: userAgent)
        } catch {
            throw ActionFailure(error)
        }
        let url = try await studio(of: target, requests, call)
        return .done(
            ActionResult(
                OperationWords("The studio is at \(url)", generic: "Found the studio's address"),
                json: JSONValue.object(["url": .string(url)]).bytes ?? []))
    }

    /// The address, as far as the token may know it: many may read documents and no project.
    private func studio(
        of target: SanityTarget, _ requests: SanityRequests, _ call: ActionCall
    ) async throws(ActionFailure) -> String {
        guard requests.isAuthenticated else { return SanityStudio.managementURL(projectID: target.projectID) }
        var exchange = ActionExchange(transport: transport, provider: "Sanity", call: call)
        let response = try await exchange.read(requests.project())
        switch response.status {
        case 200: return SanityStudio.url(json: response.body, projectID: target.projectID)
        case 401, 403: return SanityStudio.managementURL(projectID: target.projectID)
        default: throw ActionFailure(SanityClassifier.failure(for: response, now: exchange.answeredAt))
        }
    }

    private static func target(of call: ActionCall) throws(ActionFailure) -> SanityTarget {
        guard case .sanity(let target)? = call.link?.target else { throw .foreign("Sanity") }
        return target
    }
}

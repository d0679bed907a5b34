package import HTTPClient
package import StatusCore
import StatusModel

/// Carries out what can be done to a repository on GitHub (providers.md §2.2).
///
/// One request changes something, and it is sent once. A repository that was renamed is addressed by the name that the
/// newest reading found, because no redirect is followed with such a request. What an answer means is decided elsewhere:
/// ``GitHubActionClassifier``.
package struct GitHubActions: ActionExecutor {
    private let transport: any HTTPTransport
    private let digest: DigestFunction
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - digest: The reader's, by which it tells for which link something was remembered.
    ///   - userAgent: Whom GitHub shall see; it refuses a request without one.
    package init(transport: any HTTPTransport, digest: @escaping DigestFunction, userAgent: String = "telltale") {
        self.transport = transport
        self.digest = digest
        self.userAgent = userAgent
    }

    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan {
        let target = try Self.target(of: call)
        return try GitHubOrder(call.action, call.payload).plan(for: "\(target.owner)/\(target.repository)")
    }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        let target = try Self.target(of: call)
        let order = try GitHubOrder(call.action, call.payload)
        let requests: GitHubRequests
        do throws(ProviderFailure) {
            requests = try GitHubRequests(target: target, secret: call.secret, userAgent: userAgent)
        } catch {
            throw ActionFailure(error)
        }
        let known = call.reading.flatMap { GitHubRecord(memo: $0.memo, validator: requests.validator(digest)) }
        let path = known?.rename(standingAt: call.now.wall) ?? requests.linked
        var exchange = ActionExchange(transport: transport, provider: "GitHub", call: call)
        switch order {
        case .event(let type, let payload):
            return try await Self.dispatch(requests.event(type, payload: payload, at: path), order, call, &exchange)
        case .workflow(let workflow, let ref, let inputs):
            let ref = try await Self.branch(ref, known, path, requests, &exchange)
            let request = requests.workflow(workflow, ref: ref, inputs: inputs, at: path)
            return try await Self.dispatch(request, order, call, &exchange)
        case .mergeUpstream(let branch):
            let branch = try await Self.branch(branch, known, path, requests, &exchange)
            return try await Self.merge(
                branch, requests.mergeUpstream(branch: branch, at: path), order, call, &exchange)
        case .reread:
            return .done(ActionResult(OperationWords("Read again")))
        }
    }

    private static func target(of call: ActionCall) throws(ActionFailure) -> GitHubTarget {
        guard case .github(let target)? = call.link?.target else { throw .foreign("GitHub") }
        return target
    }

    /// The branch that is named, or the default one: as the newest reading knows it, or else as GitHub tells.
    private static func branch(
        _ named: String?, _ known: GitHubRecord?, _ path: GitHubRepositoryPath, _ requests: GitHubRequests,
        _ exchange: inout ActionExchange
    ) async throws(ActionFailure) -> String {
        if let branch = named ?? known?.repository.defaultBranch, !branch.isEmpty { return branch }
        let response = try await exchange.read(requests.repository(at: path, etag: nil))
        guard response.status == 200 else {
            throw ActionFailure(GitHubClassifier.failure(for: response, now: exchange.answeredAt))
        }
        guard let repository = GitHubRepository(json: response.body), !repository.defaultBranch.isEmpty else {
            throw ActionFailure(GitHubClassifier.unreadable)
        }
        return repository.defaultBranch
    }

    /// Sends what is answered with nothing (204), or with the run that it became (200).
    private static func dispatch(
        _ request: HTTPRequest, _ order: GitHubOrder, _ call: ActionCall, _ exchange: inout ActionExchange
    ) async throws(ActionFailure) -> ActionStep {
        let response = try await exchange.send(request, lost: order.lost)
        switch response.status {
        case 204: break
        case 200, 201, 202:
            // A page in GitHub's place is no word of GitHub's.
            guard response.body.isEmpty || JSONValue(response.body) != nil else { throw .lost(order.lost) }
        default:
            throw GitHubActionClassifier.failure(
                for: response, to: order, hiding: call.secret, now: exchange.answeredAt)
        }
        if case .event(let type, _) = order {
            return .done(ActionResult(OperationWords("Sent the event \(type)", generic: "Sent an event")))
        }
        return .done(ActionResult(OperationWords("Started the workflow")))
    }

    private static func merge(
        _ branch: String, _ request: HTTPRequest, _ order: GitHubOrder, _ call: ActionCall,
        _ exchange: inout ActionExchange
    ) async throws(ActionFailure) -> ActionStep {
        let response = try await exchange.send(request, lost: order.lost)
        guard response.status == 200 else {
            throw GitHubActionClassifier.failure(
                for: response, to: order, hiding: call.secret, now: exchange.answeredAt)
        }
        guard let answer = GitHubMergeAnswer(json: response.body) else { throw .lost(order.lost) }
        return .done(answer.result(branch: branch))
    }
}

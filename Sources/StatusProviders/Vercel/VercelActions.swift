package import HTTPClient
package import StatusCore
import StatusModel

/// Carries out what can be done to a project on Vercel (providers.md §3.2): deploy, and link a repository.
///
/// What a deployment needs to be ordered is read first. One request changes something, and it is sent once; what becomes
/// of it is followed by reads. The tables are elsewhere: ``VercelActionClassifier``, ``VercelDeployProgress``.
package struct VercelActions: ActionExecutor {
    private let transport: any HTTPTransport
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - userAgent: Whom Vercel shall see.
    package init(transport: any HTTPTransport, userAgent: String = "telltale") {
        self.transport = transport
        self.userAgent = userAgent
    }

    private enum Order {
        case deploy(VercelDeployOrder)
        case link(GitHubRepositoryPath)
    }

    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan {
        _ = try Self.target(of: call)
        switch try Self.order(call) {
        case .deploy(let order): return order.plan
        case .link(let repository):
            return ActionPlan(
                OperationWords(
                    "Links the project to \(repository.fullName)", generic: "Links the project to a repository"),
                isSending: true)
        }
    }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        let order = try Self.order(call)
        let requests = try requests(call)
        var exchange = ActionExchange(transport: transport, provider: "Vercel", call: call)
        switch order {
        case .deploy(let order):
            let request = try await Self.request(for: order, requests, call, &exchange)
            return try await Self.deploy(request, order, requests, call, &exchange)
        case .link(let repository):
            return try await Self.link(repository, requests, call, &exchange)
        }
    }

    package func follow(_ handle: String, _ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        let requests = try requests(call)
        guard VercelDeploymentAnswer.isID(handle) else { throw .foreign("Vercel") }
        var exchange = ActionExchange(transport: transport, provider: "Vercel", call: call)
        let response = try await exchange.read(requests.deployment(handle))
        guard response.status == 200 else { throw Self.refusal(response, requests, exchange) }
        guard let answer = VercelDeploymentAnswer(json: response.body), answer.id == handle else {
            throw ActionFailure(VercelClassifier.unreadable)
        }
        return VercelDeployProgress.step(
            answer, isProduction: call.action == .deployProduction, hiding: call.secret, now: exchange.answeredAt)
    }

    private func requests(_ call: ActionCall) throws(ActionFailure) -> VercelRequests {
        let target = try Self.target(of: call)
        do throws(ProviderFailure) {
            return try VercelRequests(target: target, secret: call.secret, userAgent: userAgent)
        } catch {
            throw ActionFailure(error)
        }
    }

    private static func target(of call: ActionCall) throws(ActionFailure) -> VercelTarget {
        guard case .vercel(let target)? = call.link?.target else { throw .foreign("Vercel") }
        return target
    }

    private static func order(_ call: ActionCall) throws(ActionFailure) -> Order {
        switch call.action {
        case .deployProduction: return .deploy(try VercelDeployOrder(call.payload, isProduction: true))
        case .deployPreview: return .deploy(try VercelDeployOrder(call.payload, isProduction: false))
        case .link:
            guard let repository = try ActionPayload(call.payload, taking: ["repo"]).repository("repo") else {
                throw .invalid("repo", "is required: the repository as owner/name")
            }
            return .link(repository)
        default: throw .foreign("Vercel")
        }
    }

    private static func refusal(
        _ response: HTTPResponse, _ requests: VercelRequests, _ exchange: ActionExchange
    ) -> ActionFailure {
        ActionFailure(
            VercelClassifier.failure(for: response, hasTeam: requests.team != nil, now: exchange.answeredAt))
    }
}

extension VercelActions {
    /// The one request that orders the deployment, made of what must be read for it.
    private static func request(
        for order: VercelDeployOrder, _ requests: VercelRequests, _ call: ActionCall, _ exchange: inout ActionExchange
    ) async throws(ActionFailure) -> HTTPRequest {
        let project = try await exchange.read(requests.linkedProject())
        guard project.status == 200 else { throw refusal(project, requests, exchange) }
        guard let source = VercelDeploySource(json: project.body) else {
            throw ActionFailure(VercelClassifier.unreadable)
        }
        if let git = order.git {
            if let expected = git.repository, !source.isLinked(to: expected) { throw foreignRepository }
            let request = requests.deployment(of: git, order, source: source, operationID: call.operationID)
            guard let request else { throw noRepository }
            return request
        }
        let list = try await exchange.read(order.isProduction ? requests.productions() : requests.deployments())
        guard list.status == 200 else { throw refusal(list, requests, exchange) }
        guard let known = VercelDeploymentList(json: list.body)?.deployments else {
            throw ActionFailure(VercelClassifier.unreadable)
        }
        let environment: VercelDeployment.Environment = order.isProduction ? .production : .preview
        let newest = known.filter { $0.environment == environment && [.ready, .error].contains($0.state) }
            .max { $0.createdAt < $1.createdAt }
        guard let newest, VercelDeploymentAnswer.isID(newest.id) else { throw nothingDeployed(order) }
        return requests.redeployment(of: newest.id, order, source: source, operationID: call.operationID)
    }

    private static func deploy(
        _ request: HTTPRequest, _ order: VercelDeployOrder, _ requests: VercelRequests, _ call: ActionCall,
        _ exchange: inout ActionExchange
    ) async throws(ActionFailure) -> ActionStep {
        let lost = OperationWords(
            "Vercel's answer got lost, so nobody here knows whether it deploys: look among the project's deployments for one "
                + "whose meta has \(VercelRequests.operationKey) \(call.operationID) before you deploy again.")
        let response = try await exchange.send(request, lost: lost)
        guard (200...299).contains(response.status) else {
            throw VercelActionClassifier.failure(
                for: response, hiding: call.secret, hasTeam: requests.team != nil, lost: lost, now: exchange.answeredAt)
        }
        guard let answer = VercelDeploymentAnswer(json: response.body) else { throw .lost(lost) }
        return VercelDeployProgress.step(
            answer, isProduction: order.isProduction, hiding: call.secret, now: exchange.answeredAt)
    }

    private static func link(
        _ repository: GitHubRepositoryPath, _ requests: VercelRequests, _ call: ActionCall,
        _ exchange: inout ActionExchange
    ) async throws(ActionFailure) -> ActionStep {
        let lost = OperationWords(
            "Vercel's answer got lost, so nobody here knows whether the repository is linked: look at the project's Git "
                + "settings on Vercel.")
        let response = try await exchange.send(requests.link(to: repository), lost: lost)
        guard (200...299).contains(response.status) else {
            throw VercelActionClassifier.linkFailure(
                for: response, hiding: call.secret, hasTeam: requests.team != nil, lost: lost, now: exchange.answeredAt)
        }
        guard VercelDeploySource(json: response.body) != nil else { throw .lost(lost) }
        return .done(
            ActionResult(OperationWords("Linked to \(repository.fullName)", generic: "Linked to a repository")))
    }

    private static let noRepository = ActionFailure(
        .failedPrecondition, reason: "REPOSITORY_UNKNOWN",
        OperationWords(
            "The project is linked to no repository on GitHub; link one first, or leave out payload.ref."))

    /// Who may deploy may not choose from where: that is who may link.
    private static let foreignRepository = ActionFailure(
        .failedPrecondition, reason: "REPOSITORY_FOREIGN",
        OperationWords(
            "The project is not linked to the repository of payload.repo; leave that out, or have an owner or admin link it first."
        ), field: "payload.repo")

    private static func nothingDeployed(_ order: VercelDeployOrder) -> ActionFailure {
        ActionFailure(
            .failedPrecondition, reason: "NOTHING_DEPLOYED",
            OperationWords("Nothing was ever deployed to \(order.place); name a branch to deploy as payload.ref."))
    }
}

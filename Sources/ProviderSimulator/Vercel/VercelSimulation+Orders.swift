import FoundationEssentials
import StatusModel

/// The requests that change something (providers.md §3.2), and the one that follows them.
extension VercelSimulation {
    /// What `POST /v13/deployments` is sent, as far as it is played.
    private struct Order: Decodable {
        struct GitSource: Decodable {
            var type: String
            var ref: String?
            var sha: String?
        }

        var name: String?
        var project: String?
        var target: String?
        var deploymentId: String?
        var gitSource: GitSource?
        var meta: [String: String]?
    }

    private struct LinkOrder: Decodable {
        var type: String
        var repo: String
    }

    /// `GET /v13/deployments/{id}`.
    func deployment(_ id: String, _ call: VercelCall, _ token: VercelToken) -> SimulatedAnswer {
        for name in projects.keys.sorted() {
            guard let project = found(name, call, token),
                let deployment = project.deployments.first(where: { $0.id == id })
            else { continue }
            return VercelAnswers.json(200, VercelDeploymentBody(deployment, of: project))
        }
        return found(call, token) ? VercelAnswers.deploymentNotFound : refusal(call, token)
    }

    /// `POST /v13/deployments`: a build begins.
    mutating func deploy(_ call: VercelCall, _ token: VercelToken, now: UnixTime) -> SimulatedAnswer {
        guard let order = try? JSONDecoder().decode(Order.self, from: Data(call.request.body)) else {
            return VercelAnswers.badRequest("Invalid request: the body should be object.")
        }
        guard let name = order.name, !name.isEmpty else {
            return VercelAnswers.badRequest("Invalid request: missing required property `name`.")
        }
        guard var project = found(order.project ?? name, call, token) else { return refusal(call, token) }
        let base = order.deploymentId.map { id in project.deployments.first { $0.id == id } }
        if case .some(nil) = base { return VercelAnswers.deploymentNotFound }
        guard base != nil || order.gitSource?.ref?.isEmpty == false else {
            return VercelAnswers.badRequest("Invalid request: missing required property `files`.")
        }
        guard project.builds.quota != 0 else {
            return VercelAnswers.quotaReached(until: now.advanced(by: .seconds(86_400)).roundedUpToSecond)
        }
        deploymentCount += 1
        let branch = order.gitSource?.ref ?? base??.branch ?? "main"
        var deployment = VercelDeployment(
            id: "dpl_" + Fingerprint("vercel deployment", project.name, String(deploymentCount)).hex(digits: 24),
            environment: order.target ?? "preview", state: "QUEUED", branch: branch,
            message: base??.message ?? "Change something", createdAt: now, build: project.builds.take())
        deployment.notes = order.meta ?? [:]
        project.deploy(deployment)
        project.advance(to: now)
        projects[project.name] = project
        guard let made = project.deployments.first(where: { $0.id == deployment.id }) else {
            return refusal(call, token)
        }
        return VercelAnswers.json(200, VercelDeploymentBody(made, of: project))
    }

    /// `POST /v9/projects/{idOrName}/link`.
    mutating func link(_ idOrName: String, _ call: VercelCall, _ token: VercelToken) -> SimulatedAnswer {
        guard var project = found(idOrName, call, token) else { return refusal(call, token) }
        guard let order = try? JSONDecoder().decode(LinkOrder.self, from: Data(call.request.body)),
            order.type == "github", let repository = RepositoryName(order.repo)
        else { return VercelAnswers.badRequest("Invalid request: `repo` should be a repository.") }
        guard project.hasApp else { return VercelAnswers.appNotInstalled }
        project.repository = repository.fullName
        projects[project.name] = project
        return VercelAnswers.json(200, VercelProjectBody(project))
    }

    /// Whether the token reaches anything there at all.
    private func found(_ call: VercelCall, _ token: VercelToken) -> Bool {
        projects.keys.contains { found($0, call, token) != nil }
    }
}

/// A deployment by itself: its id is `id`.
struct VercelDeploymentBody: Encodable, Sendable {
    var id: String
    var name: String
    var projectId: String
    var url: String
    var createdAt: Int64
    var buildingAt: Int64?
    var ready: Int64?
    var readyState: String
    var status: String
    var readySubstate: String?
    var target: Nullable<String>
    var meta: [String: String]
    var alias: [String]
    var aliasAssigned: Nullable<Int64>
    var errorCode: String?
    var errorMessage: String?
    var inspectorUrl: Nullable<String>

    init(_ deployment: VercelDeployment, of project: VercelProject) {
        let listed = VercelListedBody(deployment, of: project)
        id = listed.uid
        name = listed.name
        projectId = listed.projectId
        url = listed.url
        createdAt = listed.createdAt
        buildingAt = listed.buildingAt
        ready = listed.ready
        readyState = listed.readyState
        status = listed.readyState
        readySubstate = listed.readySubstate
        target = listed.target
        meta = listed.meta
        alias = deployment.isServing ? ["\(project.name).vercel.app"] : []
        aliasAssigned = listed.aliasAssigned
        errorCode = listed.errorCode
        errorMessage = listed.errorMessage
        inspectorUrl = listed.inspectorUrl
    }
}

package import HTTPClient

// What actions need besides (providers.md §3.2): https://vercel.com/docs/rest-api/reference/endpoints/deployments
extension VercelRequests {
    /// The member of a deployment's `meta` that holds the operation's name, so that a lost answer can be looked for.
    package static let operationKey = "telltaleOperation"

    /// `GET /v13/deployments/{id}`.
    package func deployment(_ id: String) -> HTTPRequest { get("/v13/deployments/\(id.percentEncoded)", query: []) }

    /// `POST /v13/deployments` once more of what was deployed: it inherits the settings, and takes the newest commit of the
    /// same branch where there is one.
    package func redeployment(
        of deploymentID: String, _ order: VercelDeployOrder, source: VercelDeploySource, operationID: String
    ) -> HTTPRequest {
        var body = body(of: order, source: source, operationID: operationID)
        body["deploymentId"] = .string(deploymentID)
        if source.repository != nil { body["withLatestCommit"] = .bool(true) }
        return post("/v13/deployments", body)
    }

    /// `POST /v13/deployments` of a state of a repository.
    ///
    /// - Returns: nil when the project is linked to no repository on GitHub.
    package func deployment(
        of git: VercelDeployOrder.GitState, _ order: VercelDeployOrder, source: VercelDeploySource, operationID: String
    ) -> HTTPRequest? {
        var state: [String: JSONValue] = ["type": .string("github"), "ref": .string(git.ref)]
        state["sha"] = git.sha.map(JSONValue.string)
        switch source.repository {
        case .number(let number): state["repoId"] = .integer(number)
        case .path(let path): (state["org"], state["repo"]) = (.string(path.owner), .string(path.name))
        case .elsewhere, nil: return nil
        }
        var body = body(of: order, source: source, operationID: operationID)
        body["gitSource"] = .object(state)
        return post("/v13/deployments", body)
    }

    /// `POST /v9/projects/{idOrName}/link`.
    package func link(to repository: GitHubRepositoryPath) -> HTTPRequest {
        post(
            "/v9/projects/\(project.percentEncoded)/link",
            ["type": .string("github"), "repo": .string(repository.fullName)])
    }

    /// A target is left out for a preview: Vercel has no word for it.
    private func body(
        of order: VercelDeployOrder, source: VercelDeploySource, operationID: String
    ) -> [String: JSONValue] {
        var body: [String: JSONValue] = [
            "name": .string(source.name), "project": .string(source.id),
            "meta": .object([Self.operationKey: .string(operationID)]),
        ]
        if order.isProduction { body["target"] = .string("production") }
        return body
    }

    private func post(_ path: String, _ body: [String: JSONValue]) -> HTTPRequest {
        var request = get(path, query: [])
        request.method = "POST"
        request.headers["Content-Type"] = "application/json"
        // Of texts, a number and truths there is nothing that cannot be written.
        request.body = JSONValue.object(body).bytes ?? []
        return request
    }
}

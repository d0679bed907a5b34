package import HTTPClient

extension GitHubRequests {
    /// `POST /repos/{owner}/{repo}/dispatches`.
    package func event(_ type: String, payload: [String: JSONValue]?, at path: GitHubRepositoryPath) -> HTTPRequest {
        var body: [String: JSONValue] = ["event_type": .string(type)]
        body["client_payload"] = payload.map(JSONValue.object)
        return post("\(repositoryURL(path))/dispatches", body)
    }

    /// `POST /repos/{owner}/{repo}/actions/workflows/{file or number}/dispatches`.
    package func workflow(
        _ workflow: String, ref: String, inputs: [String: JSONValue]?, at path: GitHubRepositoryPath
    ) -> HTTPRequest {
        var body: [String: JSONValue] = ["ref": .string(ref)]
        body["inputs"] = inputs.map(JSONValue.object)
        return post("\(repositoryURL(path))/actions/workflows/\(workflow.percentEncoded)/dispatches", body)
    }

    /// `POST /repos/{owner}/{repo}/merge-upstream`.
    package func mergeUpstream(branch: String, at path: GitHubRepositoryPath) -> HTTPRequest {
        post("\(repositoryURL(path))/merge-upstream", ["branch": .string(branch)])
    }

    private func post(_ url: String, _ body: [String: JSONValue]) -> HTTPRequest {
        var request = get(url, etag: nil)
        request.method = "POST"
        request.headers["Content-Type"] = "application/json"
        // What came as a payload was looked through for what cannot be written.
        request.body = JSONValue.object(body).bytes ?? []
        return request
    }
}

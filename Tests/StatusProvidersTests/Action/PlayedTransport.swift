import HTTPClient
import ProviderSimulator

/// The simulated providers without a socket. Where a fault leaves HTTP, the connection is broken off.
struct PlayedTransport: HTTPTransport {
    let simulator: Simulator

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let afterScheme = request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        var headers = HeaderFields()
        for (name, value) in request.headers.fields { headers.append(name: name, value: value) }
        let (answer, _) = simulator.play(
            SimulatedRequest(
                method: request.method, target: String(afterScheme.drop { $0 != "/" }), headers: headers,
                body: request.body))
        guard let answer else { throw HTTPClientError(kind: .reset, detail: "The peer broke the connection off.") }
        var fields = HTTPHeaders()
        for field in answer.headers.fields { fields.append(name: field.name, value: field.value) }
        return HTTPResponse(status: answer.status, headers: fields, body: answer.body, url: request.url)
    }
}

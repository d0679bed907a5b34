import HTTPClient
import ProviderSimulator
import StatusCore
import StatusModel
import TestSupport

/// The simulated providers without a socket, on a hand-driven clock: what goes out is counted by the simulator itself.
struct SimulatedTransport: HTTPTransport {
    let simulator: Simulator
    let time: ManualTime

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let afterScheme = request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        var headers = HeaderFields()
        for (name, value) in request.headers.fields { headers.append(name: name, value: value) }
        let (answer, delay) = simulator.play(
            SimulatedRequest(
                method: request.method, target: String(afterScheme.drop { $0 != "/" }), headers: headers,
                body: request.body))
        let wait = answer == nil ? request.totalTimeout : min(delay, request.totalTimeout)
        if wait > .zero {
            do {
                try await time.sleep(until: time.now.instant.advanced(by: wait))
            } catch {
                throw HTTPClientError(kind: .cancelled, detail: "The caller gave up.")
            }
        }
        guard let answer, delay < request.totalTimeout else {
            throw HTTPClientError(kind: .timeout, detail: "The peer did not answer in time.")
        }
        var fields = HTTPHeaders()
        for field in answer.headers.fields { fields.append(name: field.name, value: field.value) }
        return HTTPResponse(
            status: answer.status, headers: fields, body: answer.body, url: request.url, elapsed: delay)
    }
}

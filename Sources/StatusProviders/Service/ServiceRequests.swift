package import HTTPClient
package import StatusCore
import StatusModel

/// Builds the requests of one service.
package struct ServiceRequests: Sendable {
    /// A longer answer is no health check's.
    package static let bodyBytesMax = 64 << 10
    /// Redirects may lead from `http` to `https` and never back; the client holds them to that.
    package static let redirectsMax = 3

    private let target: ServiceTarget
    private let headers: HTTPHeaders
    private let userAgent: String
    private let peerRule: PeerRule

    /// - Parameters:
    ///   - target: The service.
    ///   - names: The headers whose values are secret.
    ///   - secrets: Their values.
    ///   - userAgent: Whom the service shall see, unless its headers say otherwise.
    /// - Throws: why a secret cannot be read, or a failure of code `misconfigured` when one cannot stand in a header.
    package init(
        target: ServiceTarget, names: some Sequence<String>, secrets: [String: Result<Secret, ProviderFailure>],
        userAgent: String
    ) throws(ProviderFailure) {
        self.target = target
        self.userAgent = userAgent
        peerRule = target.isLocalAllowed ? .any : .remote
        var headers = HTTPHeaders()
        for (name, value) in target.headers.sorted(by: { $0.key < $1.key }) { headers[name] = value }
        for name in names.sorted() {
            let value = try (secrets[name] ?? .failure(Self.unusable(name))).get().reveal()
            guard HTTPRequest.complaint(aboutHeader: name, value: value) == nil else { throw Self.unusable(name) }
            headers[name] = value
        }
        if headers["User-Agent"] == nil { headers["User-Agent"] = userAgent }
        self.headers = headers
    }

    /// Wakes the service. Bare: any request wakes one, and a secret goes nowhere but to the check.
    package func ping(timeout: Duration) -> HTTPRequest {
        HTTPRequest(
            url: target.warmUpURL ?? target.url, headers: ["User-Agent": userAgent], totalTimeout: timeout,
            bodyBytesMax: Self.bodyBytesMax, redirectsMax: Self.redirectsMax, peerRule: peerRule)
    }

    /// The check itself.
    package func check(timeout: Duration) -> HTTPRequest {
        HTTPRequest(
            method: target.method, url: target.url, headers: headers, totalTimeout: timeout,
            bodyBytesMax: Self.bodyBytesMax, redirectsMax: Self.redirectsMax, peerRule: peerRule)
    }

    /// What the history of a service holds for: the same check at the same address.
    package func validator(_ digest: DigestFunction) -> String {
        let parts = [target.method, target.url, target.warmUpURL ?? ""]
        return String(digest(Array(parts.joined(separator: "\n").utf8)).prefix(32))
    }

    private static func unusable(_ name: String) -> ProviderFailure {
        ProviderFailure(
            code: .misconfigured, cause: .host,
            hint: "The secret of the header \(name) cannot stand in a request; store its value alone, on one line.",
            disposition: .replaces)
    }
}

package import HTTPClient

/// What a service says of itself in the member `status` of a JSON body, as health endpoints do
/// (draft-inadarei-api-health-check §3.1, and the habits around it). It lowers a verdict and never raises one.
package enum ServiceSelfReport: Hashable, Sendable {
    case well, warning, failing

    /// Nil when the body is no JSON object or says none of the known words.
    package init?(_ response: HTTPResponse) {
        guard case .object(let members)? = JSONValue(response.body), case .string(let word)? = members["status"]
        else { return nil }
        switch word.lowercased() {
        case "pass", "ok", "up", "healthy": self = .well
        case "warn", "warning", "degraded": self = .warning
        case "fail", "error", "down", "unhealthy": self = .failing
        default: return nil
        }
    }
}

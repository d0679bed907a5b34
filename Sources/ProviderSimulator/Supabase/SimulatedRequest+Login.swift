import FoundationEssentials

/// How a request says on whose behalf it comes, and what its form holds.
extension SimulatedRequest {
    /// The credential of `Bearer …`; nil when there is none.
    var bearer: String? { authorization(scheme: "bearer") }

    /// Name and password of `Basic …` (RFC 7617); nil when there are none.
    var basic: (name: String, password: String)? {
        guard let text = authorization(scheme: "basic"), let data = Data(base64Encoded: text) else { return nil }
        let parts = String(decoding: data, as: UTF8.self)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// The fields of a form-encoded body; none when it says that it is something else.
    var form: [String: String] {
        guard headers["content-type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true else {
            return [:]
        }
        let form = SimulatedRequest(method: method, target: "/?" + String(decoding: body, as: UTF8.self))
        return Dictionary(form.query.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private func authorization(scheme: String) -> String? {
        let parts = headers["authorization"]?.split(separator: " ", maxSplits: 1) ?? []
        return parts.count == 2 && parts[0].lowercased() == scheme ? String(parts[1]) : nil
    }
}

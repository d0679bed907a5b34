package import HTTPClient
package import StatusCore
import StatusModel

/// What a service's answer must look like, made ready once for a read.
package struct ServiceExpectations: Sendable {
    /// The first expectation that an answer does not meet. It names the expectation, never what stood in the answer.
    package enum Mismatch: Hashable, Sendable {
        case status(Int)
        case header(String)
        /// No JSON where a value was to be looked for.
        case notJSON
        /// By its pointer; empty for the whole body.
        case body(String)
    }

    private struct BodyCheck: Sendable {
        var text: String
        var pointer: ServiceJSONPointer
        var expected: JSONValue?
    }

    private let statuses: [ClosedRange<Int>]
    private let headers: [(name: String, value: String)]
    private let bodyChecks: [BodyCheck]

    /// - Throws: a failure of code `misconfigured` when a pointer or a value is none.
    package init(_ target: ServiceTarget) throws(ProviderFailure) {
        statuses = target.expectedStatus
        headers = target.expectedHeaders.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        var checks: [BodyCheck] = []
        for check in target.bodyChecks {
            let expected = check.expected.map { JSONValue(Array($0.utf8)) }
            guard let pointer = ServiceJSONPointer(check.pointer), expected != .some(nil) else {
                throw ProviderFailure(
                    code: .misconfigured, cause: .host,
                    hint: "A body check of \(target.name) is no JSON pointer with a JSON value; correct it.",
                    disposition: .replaces)
            }
            checks.append(BodyCheck(text: check.pointer, pointer: pointer, expected: expected ?? nil))
        }
        bodyChecks = checks
    }

    /// Whether a status is one that the service is well with.
    package func expects(status: Int) -> Bool { statuses.contains { $0.contains(status) } }

    /// The first that is not met: status before headers before body; nil when all are.
    package func mismatch(in response: HTTPResponse) -> Mismatch? {
        guard expects(status: response.status) else { return .status(response.status) }
        for (name, value) in headers where !Self.holds(response.headers, name, value) { return .header(name) }
        guard !bodyChecks.isEmpty else { return nil }
        guard let document = JSONValue(response.body) else { return .notJSON }
        let failed = bodyChecks.first { check in
            guard let found = check.pointer.value(in: document) else { return true }
            return check.expected.map { $0 != found } ?? false
        }
        return failed.map { .body($0.text) }
    }

    /// What the service says of itself; nil when it says nothing, or when the link says itself what `/status` must be.
    package func selfReport(in response: HTTPResponse) -> ServiceSelfReport? {
        guard !bodyChecks.contains(where: { $0.pointer.tokens == ["status"] }) else { return nil }
        return ServiceSelfReport(response)
    }

    private static func holds(_ headers: HTTPHeaders, _ name: String, _ value: String) -> Bool {
        let wanted = name.lowercased()
        return headers.fields.contains { $0.name.lowercased() == wanted && $0.value.trimmedOfBlanks == value }
    }
}

/// A named HTTP worker of a project, and what counts as its being well (SPEC §4, providers.md §6).
package struct ServiceTarget: Hashable, Sendable {
    /// A value that the body must hold, by JSON pointer (RFC 6901).
    package struct BodyCheck: Hashable, Sendable {
        /// `/status`, `/checks/0/ok`; empty for the whole.
        package var pointer: String
        /// What stands there, as JSON: `"ok"`, `true`, `3`. Nil when it need only be there.
        package var expected: String?

        package init(pointer: String, expected: String? = nil) {
            self.pointer = pointer
            self.expected = expected
        }
    }

    package var name: String
    /// The address of the check.
    package var url: String
    /// `GET`, `HEAD` or `POST`.
    package var method: String
    /// Sent along; secret ones are in ``Link/namedCredentials`` by their name.
    package var headers: [String: String]
    /// The status codes of a service that is well.
    package var expectedStatus: [ClosedRange<Int>]
    /// Header fields that the answer must have, and their values.
    package var expectedHeaders: [String: String]
    package var bodyChecks: [BodyCheck]
    /// An answer that takes longer is a warning.
    package var latencyLimit: Duration
    /// Time for one check; the read's deadline bounds it besides.
    package var timeout: Duration
    /// Time for the ping that wakes it, before the check.
    package var warmUpTimeout: Duration
    /// The address that is pinged to wake it; nil for ``url``.
    package var warmUpURL: String?
    /// Whether it may be on this host or its network's link, which is refused otherwise.
    package var isLocalAllowed: Bool

    package init(
        name: String, url: String, method: String = "GET", headers: [String: String] = [:],
        expectedStatus: [ClosedRange<Int>] = [200...299], expectedHeaders: [String: String] = [:],
        bodyChecks: [BodyCheck] = [], latencyLimit: Duration = .seconds(1), timeout: Duration = .seconds(5),
        warmUpTimeout: Duration = .milliseconds(800), warmUpURL: String? = nil, isLocalAllowed: Bool = false
    ) {
        self.name = name
        self.url = url
        self.method = method
        self.headers = headers
        self.expectedStatus = expectedStatus
        self.expectedHeaders = expectedHeaders
        self.bodyChecks = bodyChecks
        self.latencyLimit = latencyLimit
        self.timeout = timeout
        self.warmUpTimeout = warmUpTimeout
        self.warmUpURL = warmUpURL
        self.isLocalAllowed = isLocalAllowed
    }
}

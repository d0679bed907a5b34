/// Bounds and trust of one ``CurlHTTPClient``.
package struct HTTPClientConfiguration: Sendable {
    /// Sent where a request has no `User-Agent` of its own.
    package var userAgent: String
    /// Requests held at once, whether they wait or run. One more is refused with `overloaded`.
    package var requestsMax: Int
    /// Open connections in all. A request beyond them waits for one, within its total timeout.
    package var connectionsMax: Int
    /// Open connections to one host and port.
    package var connectionsPerHostMax: Int
    /// Connections kept for reuse while no request uses them.
    package var connectionsIdleMax: Int
    /// No request takes longer to connect, whatever it allows itself.
    package var connectTimeoutMax: Duration
    /// No request takes longer in all, whatever it allows itself.
    package var totalTimeoutMax: Duration
    /// A PEM file of certificates to trust beside the system's own.
    package var additionalTrustFile: String?

    package init(
        userAgent: String = "telltale/0.1.0", requestsMax: Int = 512, connectionsMax: Int = 192,
        connectionsPerHostMax: Int = 64, connectionsIdleMax: Int = 16,
        connectTimeoutMax: Duration = .seconds(60), totalTimeoutMax: Duration = .seconds(300),
        additionalTrustFile: String? = nil
    ) {
        self.userAgent = userAgent
        self.requestsMax = requestsMax
        self.connectionsMax = connectionsMax
        self.connectionsPerHostMax = connectionsPerHostMax
        self.connectionsIdleMax = connectionsIdleMax
        self.connectTimeoutMax = connectTimeoutMax
        self.totalTimeoutMax = totalTimeoutMax
        self.additionalTrustFile = additionalTrustFile
    }
}

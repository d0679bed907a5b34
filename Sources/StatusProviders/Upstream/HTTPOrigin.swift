package import HTTPClient

/// Scheme, host and port (RFC 6454 §4).
package struct HTTPOrigin: Hashable, Sendable {
    package let scheme: HTTPURL.Scheme
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16

    package init(_ url: HTTPURL) {
        scheme = url.scheme
        host = url.host
        port = url.port
    }

    /// Nil for a text that is no URL the client would request.
    package init?(_ text: String) {
        guard let url = try? HTTPURL(text) else { return nil }
        self.init(url)
    }

    /// As a URL writes it: `https://api.example.com`, with a port that is not the scheme's own.
    package var text: String {
        let name = host.contains(":") ? "[\(host)]" : host
        let isUsual = port == (scheme == .https ? 443 : 80)
        return "\(scheme.rawValue)://\(name)\(isUsual ? "" : ":\(port)")"
    }
}

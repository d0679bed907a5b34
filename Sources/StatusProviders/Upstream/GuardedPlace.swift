import HTTPClient

/// What one breaker guards.
package struct GuardedPlace: Hashable, Sendable {
    /// Whom a guard stands before, which says what has a breaker of its own.
    package enum Kind: Hashable, Sendable {
        /// A provider's API fails as a host.
        case provider
        /// Workers of a project often share a host, and one that is down says nothing of its neighbour.
        case service
    }

    package let origin: HTTPOrigin
    /// Nil for all of the origin.
    package let path: String?

    package init(_ origin: HTTPOrigin, path: String? = nil) {
        self.origin = origin
        self.path = path
    }

    /// Nil for a text that is no URL the client would request.
    package init?(_ text: String, of kind: Kind) {
        guard let url = try? HTTPURL(text) else { return nil }
        // Normalised, so that one place has one name: `https://host/path?query`.
        let afterScheme = url.text.drop { $0 != ":" }.dropFirst(3)
        let path = afterScheme.drop { $0 != "/" }.prefix { $0 != "?" }
        self.init(HTTPOrigin(url), path: kind == .service ? String(path) : nil)
    }
}

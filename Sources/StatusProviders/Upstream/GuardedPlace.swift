import HTTPClient

/// What one breaker guards.
package struct GuardedPlace: Hashable, Sendable, LosslessStringConvertible {
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

    /// `https://api.example.com` for all of an origin, `https://worker.example.com/health` for an address.
    package var description: String { origin.text + (path ?? "") }

    /// Reads what ``description`` writes, and nothing that merely means the same: a store's text is as foreign as any.
    package init?(_ description: String) {
        for kind in [Kind.provider, .service] {
            guard let place = Self(description, of: kind), place.description == description else { continue }
            self = place
            return
        }
        return nil
    }

    /// Whether it is one that a guard of that kind would know.
    package func isPlace(of kind: Kind) -> Bool { (path != nil) == (kind == .service) }
}

/// One step of a chain of redirects: a request to one place, without its bounds.
package struct HTTPHop: Sendable {
    package var method: String
    package var url: HTTPURL
    package var headers: HTTPHeaders
    package var body: [UInt8]

    package init(method: String = "GET", url: HTTPURL, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// Decides what follows an answer that may be a redirect (RFC 9110 §15.4).
///
/// A redirect is another server's wish. So it never leaves `https`, never reaches this machine or the inside of its
/// network, and takes no secret to another origin.
package struct RedirectPolicy {
    /// What to do after an answer.
    package enum Step {
        /// The answer is the last one.
        case deliver
        /// Another request, whose connected peer must pass the rule too.
        case follow(HTTPHop, PeerRule)
        /// One sentence why not.
        case refuse(String)
    }

    /// The headers that may go to another origin. All others might be a credential: services name theirs freely
    /// (`Authorization`, `Cookie`, `apikey`, `X-API-Key`), so this lists what is harmless and not what is secret.
    package static let crossOriginHeaders: Set<String> = [
        "accept", "accept-encoding", "accept-language", "cache-control", "user-agent",
    ]

    /// None is followed where this is 0: the redirect is then itself the answer.
    package let redirectsMax: Int
    private let beganOnLoopback: Bool
    private var followedCount = 0
    private var peerRule: PeerRule?
    /// Whether a 301 or 308 was followed.
    package private(set) var movedPermanently = false

    package init(redirectsMax: Int, original: HTTPURL) {
        self.redirectsMax = redirectsMax
        beganOnLoopback = PeerRule.isLoopback(host: original.host)
    }

    /// Takes an answer to `hop` that came from `peer`, the address connected to (a proxy's, where one is used).
    package mutating func answered(status: Int, location: String?, peer: IPAddress?, to hop: HTTPHop) -> Step {
        guard [301, 302, 303, 307, 308].contains(status), let location, redirectsMax > 0 else { return .deliver }
        // A name that led to this machine at first (a host's own name, a local proxy) may lead to it again.
        let rule = peerRule ?? (beganOnLoopback || peer?.place == .loopback ? .remoteOrLoopback : .remote)
        peerRule = rule
        do throws(Refusal) {
            guard followedCount < redirectsMax else { throw Refusal("More than \(redirectsMax) redirects.") }
            let target = try resolve(location, from: hop.url)
            let next = try Self.successor(of: hop, at: target, status: status)
            followedCount += 1
            if status == 301 || status == 308 { movedPermanently = true }
            return .follow(next, rule)
        } catch {
            return .refuse(error.sentence)
        }
    }

    private struct Refusal: Error {
        let sentence: String

        init(_ sentence: String) { self.sentence = sentence }
    }

    private func resolve(_ location: String, from url: HTTPURL) throws(Refusal) -> HTTPURL {
        let target: HTTPURL
        do throws(HTTPURL.Malformation) {
            target = try url.resolving(location)
        } catch {
            throw Refusal("A redirect from \(url.host) leads to \(Self.words(for: error)).")
        }
        if url.scheme == .https, target.scheme == .http {
            throw Refusal("A redirect from \(url.host) leaves https for http.")
        }
        // Only what the text of the host tells; the connected address is judged when it is known. A name that led here
        // widens nothing: a literal of this machine is followed only if the first URL was on it by its text.
        let literalRule: PeerRule = beganOnLoopback ? .remoteOrLoopback : .remote
        guard literalRule.allows(host: target.host) else { throw Refusal(Self.localPeerSentence(host: target.host)) }
        return target
    }

    /// The request that takes the place of `hop`: 303 always and 301 and 302 after a POST become GET, as they do in
    /// every browser (RFC 9110 §15.4.2 to §15.4.4).
    private static func successor(of hop: HTTPHop, at target: HTTPURL, status: Int) throws(Refusal) -> HTTPHop {
        var next = hop
        next.url = target
        if status == 303 && hop.method != "HEAD" || (status == 301 || status == 302) && hop.method == "POST" {
            next.method = "GET"
            next.body = []
            next.headers["Content-Type"] = nil
        }
        if target.hasSameOrigin(as: hop.url) { return next }
        // A form may hold a refresh token; browsers send it on, but no provider asks for that.
        guard next.body.isEmpty else {
            throw Refusal("A redirect to \(target.host) asks for the request's body, which stays with its origin.")
        }
        next.headers = HTTPHeaders()
        for (name, value) in hop.headers.fields where crossOriginHeaders.contains(name.lowercased()) {
            next.headers.append(name: name, value: value)
        }
        return next
    }

    static func localPeerSentence(host: String) -> String {
        "A redirect leads to \(host), an address of this machine or of its network's inside."
    }

    private static func words(for malformation: HTTPURL.Malformation) -> String {
        switch malformation {
        case .tooLong: "a URL of more than \(HTTPURL.textBytesMax) bytes"
        case .malformed: "something that is no URL"
        case .foreignScheme: "something other than http or https"
        case .credentials: "a URL that carries credentials"
        }
    }
}

/// Which peers a request may reach.
package enum PeerRule: Hashable, Sendable {
    /// Whatever its URL says, which comes from whoever configured it.
    case any
    /// Neither this machine nor its network's inside: a redirect, whose place another server chose, or a request whose
    /// configuration does not allow more.
    case remote
    /// A redirect that began on this machine, and so tells no stranger's server from one's own.
    case remoteOrLoopback

    package func allows(_ address: IPAddress) -> Bool {
        switch (self, address.place) {
        case (.any, _), (_, .elsewhere): true
        case (.remoteOrLoopback, .loopback): true
        case (.remote, .loopback), (_, .linkLocal), (_, .metadata): false
        }
    }

    /// Judges what the host's text alone tells; a name is judged by the address it connects to.
    package func allows(host: String) -> Bool {
        if let address = IPAddress(host) { return allows(address) }
        return Self.namesLoopback(host) ? self != .remote : true
    }

    /// Whether a host is this machine by its text: a loopback literal, or `localhost` (RFC 6761 §6.3).
    package static func isLoopback(host: String) -> Bool {
        IPAddress(host)?.place == .loopback || namesLoopback(host)
    }

    private static func namesLoopback(_ host: String) -> Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return name == "localhost" || name.hasSuffix(".localhost")
    }
}

/// The base address of a provider's API, as an operator may set it.
enum APIBase {
    /// The longest address accepted, in bytes.
    static let lengthBytesMax = 2_048

    private static let authorityEnds = Array("/?#".utf8)
    private static let forbidden = Array("?#\\\"<>^`{|}".utf8)

    /// The address without trailing slashes. It must be `https`, because a token travels there; `http` will do for this
    /// very host.
    static func parse(_ text: String) throws(ConfigComplaint) -> String {
        guard text.utf8.count <= lengthBytesMax, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ConfigComplaint("is no URL; write one such as \"https://github.example.com/api/v3\"")
        }
        guard let scheme = ["https://", "http://"].first(where: text.lowercased().hasPrefix) else {
            throw ConfigComplaint("must begin with https://")
        }
        let rest = text.dropFirst(scheme.count)
        // All of it is ASCII, so bytes will do, and a file of ten thousand projects has fifty thousand addresses.
        let authority = String(Substring(rest.utf8.prefix { !Self.authorityEnds.contains($0) }))
        // What follows the authority goes before the paths of requests.
        guard !rest.utf8.contains(where: Self.forbidden.contains) else {
            throw ConfigComplaint("may hold a host and a path, but no query, fragment or special character")
        }
        guard !authority.contains("@") else {
            throw ConfigComplaint("may hold no user or password; name a credential instead")
        }
        guard let host = host(of: authority) else {
            throw ConfigComplaint("names no host, or a port that is none")
        }
        guard scheme == "https://" || isLoopback(host) else {
            throw ConfigComplaint("must be https://, because the token travels there; http:// is for this host alone")
        }
        var base = scheme + rest
        while base.hasSuffix("/") { base.removeLast() }
        return base
    }

    /// The host of `HOST`, `HOST:PORT` or `[ADDRESS]:PORT` (RFC 3986 §3.2); nil when it is none.
    private static func host(of authority: String) -> String? {
        let isBracketed = authority.hasPrefix("[")
        guard
            let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        else { return nil }
        let host = isBracketed ? authority[authority.index(after: authority.startIndex)..<end] : authority[..<end]
        let rest = isBracketed ? authority[authority.index(after: end)...] : authority[end...]
        let isPort = rest.hasPrefix(":") && (UInt16(rest.dropFirst()) ?? 0) > 0
        guard !host.isEmpty, rest.isEmpty || isPort else { return nil }
        let allowed = isBracketed ? "0123456789abcdefABCDEF:." : "-._"
        let isWellFormed = host.allSatisfy { allowed.contains($0) || !isBracketed && ($0.isLetter || $0.isNumber) }
        return isWellFormed ? host.lowercased() : nil
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || isLoopbackIPv4(host)
    }

    /// `127.0.0.0/8` in its one usual form; a name that merely begins like it is no address.
    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

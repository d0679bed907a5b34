import CCurl

/// An absolute `http` or `https` URL, taken apart by libcurl's own parser: what is checked here and what is connected
/// to later are then never two readings of one text.
package struct HTTPURL: Hashable, Sendable {
    package enum Scheme: String, Sendable {
        case http, https
    }

    /// Why a text is none.
    package enum Malformation: Error, Hashable, Sendable {
        /// Longer than ``textBytesMax``.
        case tooLong
        case malformed
        /// Neither `http` nor `https`.
        case foreignScheme
        /// It carries a user name or password, which would reach logs; they belong in a header.
        case credentials
    }

    /// RFC 9110 §4.1 asks for at least 8,000.
    package static let textBytesMax = 8192

    /// The whole of it, normalised: no fragment, no port that is the scheme's own.
    package let text: String
    package let scheme: Scheme
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16

    package init(_ text: String) throws(Malformation) {
        try self.init(text, relativeTo: nil, flags: 0)
    }

    /// The URL that a `Location` means when this URL answered with it (RFC 9110 §10.2.2). Blanks and bytes beyond ASCII
    /// are percent-encoded, as browsers do.
    package func resolving(_ location: String) throws(Malformation) -> HTTPURL {
        try HTTPURL(location, relativeTo: self, flags: UInt32(CURLU_URLENCODE))
    }

    /// Whether both have the same origin: scheme, host and port (RFC 6454 §4).
    package func hasSameOrigin(as other: HTTPURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    private init(_ text: String, relativeTo base: HTTPURL?, flags: UInt32) throws(Malformation) {
        guard text.utf8.count <= Self.textBytesMax else { throw .tooLong }
        // A zero byte would end the C string early, so that another URL is checked than was meant.
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { throw .malformed }
        guard let handle = curl_url() else { throw .malformed }
        defer { curl_url_cleanup(handle) }
        if let base, curl_url_set(handle, CURLUPART_URL, base.text, 0) != CURLUE_OK { throw .malformed }
        switch curl_url_set(handle, CURLUPART_URL, text, flags) {
        case CURLUE_OK: break
        case CURLUE_UNSUPPORTED_SCHEME: throw .foreignScheme
        default: throw .malformed
        }
        curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)

        guard let scheme = Self.part(CURLUPART_SCHEME, of: handle).flatMap(Scheme.init(rawValue:)) else {
            throw .foreignScheme
        }
        guard Self.part(CURLUPART_USER, of: handle) == nil, Self.part(CURLUPART_PASSWORD, of: handle) == nil else {
            throw .credentials
        }
        guard let whole = Self.part(CURLUPART_URL, of: handle, flags: CURLU_NO_DEFAULT_PORT),
            whole.utf8.count <= Self.textBytesMax,
            let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty,
            let port = Self.part(CURLUPART_PORT, of: handle, flags: CURLU_DEFAULT_PORT).flatMap(UInt16.init), port > 0
        else { throw .malformed }
        self.text = whole
        self.scheme = scheme
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()).lowercased() : host.lowercased()
        self.port = port
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: Int32 = 0) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &value, UInt32(flags)) == CURLUE_OK, let value else { return nil }
        defer { curl_free(value) }
        return String(cString: value)
    }
}

import CCurl

/// The process-wide part of libcurl.
enum CurlLibrary {
    /// Initialised with the first use, which is the first request: it costs time that a start-up need not pay. Swift
    /// runs a static's initialiser exactly once, whichever thread comes first.
    static let isInitialised = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// The directory of hashed certificates libcurl was built for; nil where it was built for a bundle file.
    ///
    /// OpenSSL reads of a directory only what a handshake needs, while the bundle costs a megabyte and some ten
    /// milliseconds for each connection.
    static let trustDirectory: String? = {
        guard let info = telltale_curl_version_info(), let path = info.pointee.capath else { return nil }
        return String(cString: path)
    }()
}

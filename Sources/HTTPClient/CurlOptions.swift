import CCurl

/// Sets options on an easy handle and remembers whether one failed.
struct CurlOptions {
    private let easy: UnsafeMutableRawPointer
    /// Whether libcurl took every option so far; it refuses for lack of memory.
    private(set) var areSet = true

    init(easy: UnsafeMutableRawPointer) { self.easy = easy }

    /// What is the same for every request. Cookies, netrc, redirects and HTTP/0.9 are off in libcurl unless asked for.
    /// The environment's `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` count, as they do for curl.
    mutating func setDefaults(_ configuration: HTTPClientConfiguration) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_USERAGENT, configuration.userAgent)
        set(CURLOPT_ACCEPT_ENCODING, "gzip")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // A transfer that ends while its name resolves leaves the resolver's thread behind to end by itself. Waiting
        // for it, as libcurl would, stops all other transfers for as long as a dead name server takes.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = configuration.additionalTrustFile {
            set(CURLOPT_CAINFO, file)
        } else if CurlLibrary.trustDirectory != nil {
            setPointer(CURLOPT_CAINFO, nil)
        }
    }

    mutating func failed() { areSet = false }

    mutating func set(_ option: CURLoption, _ value: Int) { note(telltale_curl_setopt_long(easy, option, value)) }

    /// libcurl copies the text.
    mutating func set(_ option: CURLoption, _ value: String) { note(telltale_curl_setopt_string(easy, option, value)) }

    mutating func setOffset(_ option: CURLoption, _ value: Int) { note(telltale_curl_setopt_off(easy, option, value)) }

    /// libcurl keeps the pointer, except with `COPYPOSTFIELDS`.
    mutating func setPointer(_ option: CURLoption, _ value: UnsafeRawPointer?) {
        note(telltale_curl_setopt_ptr(easy, option, value))
    }

    mutating func setWriteCallback(_ option: CURLoption, _ callback: curl_write_callback) {
        note(telltale_curl_setopt_write_callback(easy, option, callback))
    }

    mutating func setOpenSocketCallback(_ callback: curl_opensocket_callback) {
        note(telltale_curl_setopt_opensocket_callback(easy, callback))
    }

    mutating func setPrerequestCallback(_ callback: curl_prereq_callback) {
        note(telltale_curl_setopt_prereq_callback(easy, callback))
    }

    mutating func setResolverStartCallback(_ callback: curl_resolver_start_callback) {
        note(telltale_curl_setopt_resolver_start_callback(easy, callback))
    }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK { areSet = false }
    }
}

extension Duration {
    /// Rounded up, at least 1 (libcurl reads 0 as its own default) and at most what a C `int` holds.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(max(1, milliseconds))
    }
}

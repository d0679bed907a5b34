import CCurl

// What libcurl tells of a transfer that has ended.
extension CurlTransfer {
    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return telltale_curl_getinfo_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    /// `PRETRANSFER` is when the request is about to go out, `STARTTRANSFER` when the first byte has come (libcurl's times
    /// count from the transfer's start, in microseconds).
    var latency: Duration {
        let wait = offset(CURLINFO_STARTTRANSFER_TIME_T) - offset(CURLINFO_PRETRANSFER_TIME_T)
        return .microseconds(max(0, wait))
    }

    private func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return telltale_curl_getinfo_off(easy, info, &value) == CURLE_OK ? value : 0
    }

    var peer: IPAddress? {
        var text: UnsafePointer<CChar>?
        guard telltale_curl_getinfo_string(easy, CURLINFO_PRIMARY_IP, &text) == CURLE_OK, let text else { return nil }
        return IPAddress(String(cString: text))
    }
}

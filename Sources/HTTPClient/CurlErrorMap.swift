import CCurl

/// Why a transfer ended without an answer, as libcurl tells it.
package struct CurlFailure: Sendable {
    /// A `CURLE_…` code (libcurl-errors(3)).
    package var code: UInt32
    /// OpenSSL's verdict on the certificate (`X509_V_ERR_…`, openssl-verification-options(1)); 0 is none.
    package var verifyResult: Int
    /// The status with which a proxy answered `CONNECT`; 0 if there was none.
    package var proxyStatus: Int
    /// The host asked for, to name it.
    package var host: String
    /// Whether it ended while the name was being resolved: a timeout is then the name server's.
    package var isResolving: Bool

    package init(
        code: UInt32, verifyResult: Int = 0, proxyStatus: Int = 0, host: String, isResolving: Bool = false
    ) {
        self.code = code
        self.verifyResult = verifyResult
        self.proxyStatus = proxyStatus
        self.host = host
        self.isResolving = isResolving
    }
}

/// Turns libcurl's failures into ours.
package enum CurlErrorMap {
    package static func error(for failure: CurlFailure) -> HTTPClientError {
        let host = failure.host
        if failure.proxyStatus >= 300 {
            return HTTPClientError(
                kind: .connect, detail: "The proxy refused a tunnel to \(host) with status \(failure.proxyStatus).")
        }
        let code = CURLcode(rawValue: failure.code)
        switch code {
        case CURLE_OPERATION_TIMEDOUT where failure.isResolving:
            return HTTPClientError(
                kind: .dns, detail: "The name \(host) did not resolve in time; check this machine's name servers.")
        case CURLE_PEER_FAILED_VERIFICATION:
            return certificateError(verifyResult: failure.verifyResult, host: host)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            return HTTPClientError(
                kind: .tls(.untrusted), detail: "The file of trusted certificates on this machine cannot be read.")
        default:
            let (kind, detail) = kindAndDetail(code, host: host)
            return HTTPClientError(kind: kind, detail: detail)
        }
    }

    /// `CURLE_TOO_LARGE`, which libcurl 8.6 brought and 7.88's header lacks.
    private static let tooLarge = CURLcode(rawValue: 100)

    private static func kindAndDetail(_ code: CURLcode, host: String) -> (HTTPClientError.Kind, String) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            (.dns, "The name \(host) does not resolve; check its spelling and this machine's name servers.")
        case CURLE_COULDNT_RESOLVE_PROXY:
            (.dns, "The proxy's name does not resolve; check the proxy environment variables.")
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            (.connect, "Nothing accepts connections at \(host), or there is no route to it.")
        case CURLE_PROXY:
            (.connect, "The proxy did not connect to \(host); check the proxy environment variables.")
        case CURLE_OPERATION_TIMEDOUT:
            (.timeout, "\(host) gave no whole answer in time.")
        // A broken chunk is CURLE_RECV_ERROR as well, and nothing tells it apart.
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM:
            (.reset, "\(host) broke the connection off before the answer was whole.")
        case CURLE_FILESIZE_EXCEEDED:
            (.bodyTooLarge, "\(host) announces a body longer than asked for.")
        // Garbage reads as HTTP/0.9, a protocol that is not supported. A header line beyond libcurl's own bound is "out
        // of memory" to 7.88; a true lack of it would end a Swift process before it came here.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_OUT_OF_MEMORY, tooLarge, CURLE_WEIRD_SERVER_REPLY,
            CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
            (.malformedResponse, malformedSentence(host: host))
        case CURLE_URL_MALFORMAT:
            (.invalidRequest, "The URL cannot be requested.")
        case CURLE_ABORTED_BY_CALLBACK:
            (.cancelled, "The request was cancelled.")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CLIENTCERT,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            (.tls(.handshake), "\(host) and this machine found no common TLS; 1.2 is the least.")
        case CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            (.tls(.untrusted), "The certificate of \(host) is not trusted here.")
        default:
            (.other, "The request to \(host) failed: \(String(cString: curl_easy_strerror(code))).")
        }
    }

    static func malformedSentence(host: String) -> String { "What \(host) sent back is no HTTP." }

    /// The numbers are `X509_V_ERR_…` of `openssl/x509_vfy.h`, which are stable.
    private static func certificateError(verifyResult: Int, host: String) -> HTTPClientError {
        switch verifyResult {
        case 9:
            HTTPClientError(
                kind: .tls(.expired),
                detail: "The certificate of \(host) is not valid yet; check the clock of this machine.")
        case 10:
            HTTPClientError(kind: .tls(.expired), detail: "The certificate of \(host) has expired.")
        // libcurl compares the names itself, before it asks OpenSSL: the verdict is then still its initial 1, or 0.
        case 0, 1, 62, 64:
            HTTPClientError(kind: .tls(.wrongHost), detail: "The certificate is for another host than \(host).")
        case 18, 19:
            HTTPClientError(
                kind: .tls(.untrusted), detail: "The certificate of \(host) is signed by itself and not trusted here.")
        case 2, 20, 21, 27:
            HTTPClientError(
                kind: .tls(.untrusted), detail: "Nobody trusted on this machine vouches for the certificate of \(host)."
            )
        case 23:
            HTTPClientError(kind: .tls(.untrusted), detail: "The certificate of \(host) was revoked.")
        default:
            HTTPClientError(
                kind: .tls(.untrusted), detail: "The certificate of \(host) is not trusted (code \(verifyResult)).")
        }
    }
}

import HTTPClient
import Testing

struct CurlErrorMapTests {
    /// Codes of libcurl-errors(3).
    @Test(
        "a libcurl code becomes the kind that a person can act on",
        arguments: [
            (1, .malformedResponse), (3, .invalidRequest), (5, .dns), (6, .dns), (7, .connect),
            (8, .malformedResponse), (16, .malformedResponse), (18, .reset), (27, .malformedResponse), (28, .timeout),
            (35, .tls(.handshake)), (42, .cancelled), (52, .reset), (55, .reset), (56, .reset), (58, .tls(.handshake)),
            (59, .tls(.handshake)), (61, .malformedResponse), (63, .bodyTooLarge), (77, .tls(.untrusted)),
            (83, .tls(.untrusted)), (91, .tls(.untrusted)), (92, .reset), (97, .connect), (98, .tls(.handshake)),
            (100, .malformedResponse),
            (2, .other), (9999, .other),
        ] as [(UInt32, HTTPClientError.Kind)])
    func codes(code: UInt32, expected: HTTPClientError.Kind) {
        #expect(CurlErrorMap.error(for: CurlFailure(code: code, host: "a.test")).kind == expected)
    }

    /// Verdicts of `openssl/x509_vfy.h`; code 60 is a certificate that failed.
    @Test(
        "a failed certificate is told apart by OpenSSL's verdict",
        arguments: [
            (0, HTTPClientError.TLSReason.wrongHost), (1, .wrongHost), (62, .wrongHost), (64, .wrongHost),
            (9, .expired), (10, .expired),
            (18, .untrusted), (19, .untrusted), (20, .untrusted), (21, .untrusted), (23, .untrusted),
            (66, .untrusted), (1234, .untrusted),
        ])
    func verdicts(verifyResult: Int, expected: HTTPClientError.TLSReason) {
        let failure = CurlFailure(code: 60, verifyResult: verifyResult, host: "a.test")
        #expect(CurlErrorMap.error(for: failure).kind == .tls(expected))
    }

    @Test("a tunnel that the proxy refuses is a failure to connect, and says so")
    func proxy() {
        let error = CurlErrorMap.error(for: CurlFailure(code: 56, proxyStatus: 407, host: "a.test"))
        #expect(error.kind == .connect)
        #expect(error.detail.contains("407"))
    }

    @Test("a timeout while the name resolves is a failure of DNS, and any other code is what it is")
    func resolving() {
        #expect(CurlErrorMap.error(for: CurlFailure(code: 28, host: "a.test", isResolving: true)).kind == .dns)
        #expect(CurlErrorMap.error(for: CurlFailure(code: 7, host: "a.test", isResolving: true)).kind == .connect)
    }

    @Test("every sentence names the host it is about", arguments: [6, 7, 18, 28, 35, 52, 56, 60, 61] as [UInt32])
    func sentences(code: UInt32) {
        #expect(CurlErrorMap.error(for: CurlFailure(code: code, host: "a.test")).detail.contains("a.test"))
    }
}

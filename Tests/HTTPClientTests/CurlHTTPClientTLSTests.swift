import HTTPClient
import TestSupport
import Testing

/// Certificates good and bad, presented by `openssl s_server`.
@Suite(.timeLimit(.minutes(1)), .enabled(if: OpenSSL.isInstalled, "needs the openssl program"))
struct CurlHTTPClientTLSTests {
    static func failure(
        _ server: TLSTestServer, host: String = "127.0.0.1", trusting file: String? = nil
    ) async -> HTTPClientError? {
        let client = CurlHTTPClient(HTTPClientConfiguration(additionalTrustFile: file))
        return await CurlHTTPClientTests.failure(client, HTTPRequest(url: "https://\(host):\(server.port)/"))
    }

    @Test("a certificate of an additional authority is trusted")
    func trusted() async throws {
        let authority = try TestAuthority()
        try authority.makeLeaf(host: "IP:127.0.0.1", days: 2)
        let server = try TLSTestServer(authority, certificate: "leaf")
        #expect(await Self.failure(server, trusting: authority.certificateFile) == nil)
        withExtendedLifetime(server) {}
    }

    @Test("a certificate of an unknown authority is untrusted")
    func unknownAuthority() async throws {
        let authority = try TestAuthority()
        try authority.makeLeaf(host: "IP:127.0.0.1", days: 2)
        let server = try TLSTestServer(authority, certificate: "leaf")
        #expect(await Self.failure(server)?.kind == .tls(.untrusted))
        withExtendedLifetime(server) {}
    }

    @Test("a certificate signed by itself is untrusted")
    func selfSigned() async throws {
        let authority = try TestAuthority()
        try authority.makeSelfSigned("self", subject: "/CN=self", host: "IP:127.0.0.1")
        let server = try TLSTestServer(authority, certificate: "self")
        #expect(await Self.failure(server, trusting: authority.certificateFile)?.kind == .tls(.untrusted))
        withExtendedLifetime(server) {}
    }

    @Test("a certificate that has expired says so")
    func expired() async throws {
        let authority = try TestAuthority()
        try authority.makeLeaf(host: "IP:127.0.0.1", days: -1)
        let server = try TLSTestServer(authority, certificate: "leaf")
        #expect(await Self.failure(server, trusting: authority.certificateFile)?.kind == .tls(.expired))
        withExtendedLifetime(server) {}
    }

    @Test("a certificate for another host says so")
    func wrongHost() async throws {
        let authority = try TestAuthority()
        try authority.makeLeaf(host: "DNS:other.test", days: 2)
        let server = try TLSTestServer(authority, certificate: "leaf")
        for host in ["127.0.0.1", "localhost"] {
            let error = await Self.failure(server, host: host, trusting: authority.certificateFile)
            #expect(error?.kind == .tls(.wrongHost))
        }
        withExtendedLifetime(server) {}
    }

    @Test("TLS older than 1.2 is no common ground")
    func oldProtocol() async throws {
        let authority = try TestAuthority()
        try authority.makeLeaf(host: "IP:127.0.0.1", days: 2)
        let server = try TLSTestServer(
            authority, certificate: "leaf", options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(await Self.failure(server, trusting: authority.certificateFile)?.kind == .tls(.handshake))
        withExtendedLifetime(server) {}
    }

    @Test("a file of trusted certificates that is not there is told as such")
    func missingTrustFile() async throws {
        let authority = try TestAuthority()
        try authority.makeLeaf(host: "IP:127.0.0.1", days: 2)
        let server = try TLSTestServer(authority, certificate: "leaf")
        let error = await Self.failure(server, trusting: "\(authority.folder)/missing.pem")
        #expect(error?.kind == .tls(.untrusted))
        #expect(error?.detail.contains("file of trusted certificates") == true)
        withExtendedLifetime(server) {}
    }
}

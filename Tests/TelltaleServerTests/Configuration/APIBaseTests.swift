import Testing

@Suite("The base address of an API")
struct APIBaseTests {
    private func complaints(about base: String) -> [String] {
        TelltaleServerTests.complaints("{projects: {a: {github: {repo: 'a/b', api: '\(base)'}}}}")
    }

    @Test(
        "https anywhere, and http on this host, will do",
        arguments: [
            "https://api.github.com", "https://git.example.com:8443/api/v3/", "HTTPS://GIT.EXAMPLE.COM",
            "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080/api", "https://[2001:db8::1]/",
        ])
    func accepted(base: String) {
        #expect(complaints(about: base).isEmpty)
    }

    @Test(
        "a token would leave this host in the clear, or go astray",
        arguments: [
            "http://git.example.com", "http://127.0.0.1.example.com", "http://127.evil.example.com",
            "http://localhost.example.com", "http://127.0.0.1@evil.example.com", "https://user:pass@git.example.com",
            "ftp://git.example.com", "git.example.com", "https://", "https:///api", "https://:443", "https://h:0",
            "https://h:65536", "https://h:", "https://h:80x", "https://h/?q=1", "https://h/#f", "https://[::1",
            "https://[]",
            "https://[::1]x", "https://h ost", "https://h\\u0000", "https://h\\\\x", "https://ex%61mple.com",
            "https://höst",
        ])
    func refused(base: String) {
        #expect(complaints(about: base).count == 1)
    }

    @Test("the longest address is bounded")
    func long() {
        #expect(complaints(about: "https://h/" + String(repeating: "x", count: 2_048)).count == 1)
    }
}

import HTTPClient
import Testing

struct HTTPURLTests {
    @Test("a URL is taken apart and normalised")
    func parts() throws {
        let url = try HTTPURL("https://API.Example.com/a/../b?c=d#part")
        #expect(url.text == "https://API.Example.com/b?c=d")
        #expect(url.scheme == .https)
        #expect(url.host == "api.example.com")
        #expect(url.port == 443)
        #expect(try HTTPURL("http://[::1]:8080").host == "::1")
        #expect(try HTTPURL("http://host").text == "http://host/")
        #expect(try HTTPURL("https://host:443/").text == "https://host/")
        #expect(try HTTPURL("http://host:443/").text == "http://host:443/")
    }

    @Test(
        "what is no absolute http or https URL is refused by its reason",
        arguments: [
            ("", HTTPURL.Malformation.malformed), ("example.com", .malformed), ("/path", .malformed),
            ("http://", .malformed), ("http://host:99999/", .malformed), ("http://host:0/", .malformed),
            ("http://ho st/", .malformed), ("http://host/a b", .malformed), ("http://host/\r\nX: y", .malformed),
            ("http://good\0.evil/", .malformed), ("http://[::1/", .malformed), ("ftp://host/", .foreignScheme),
            ("file:///etc/passwd", .foreignScheme), ("gopher://host/", .foreignScheme),
            ("https://user:secret@host/", .credentials), ("https://user@host/", .credentials),
            ("http://host/" + String(repeating: "a", count: 8192), .tooLong),
        ])
    func malformations(text: String, expected: HTTPURL.Malformation) {
        #expect(throws: expected) { try HTTPURL(text) }
    }

    @Test(
        "a Location is resolved against the URL that sent it",
        arguments: [
            ("/x", "http://a.test:81/x"), ("x", "http://a.test:81/dir/x"), ("../x", "http://a.test:81/x"),
            ("?q=2", "http://a.test:81/dir/page?q=2"), ("//b.test/x", "http://b.test/x"),
            ("https://b.test", "https://b.test/"), ("/a b", "http://a.test:81/a%20b"),
        ])
    func resolution(location: String, expected: String) throws {
        #expect(try HTTPURL("http://a.test:81/dir/page?q=1").resolving(location).text == expected)
    }

    @Test(
        "numeric spellings of an IPv4 address become the address itself",
        arguments: ["http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"])
    func numericHosts(text: String) throws {
        #expect(try HTTPURL(text).host == "127.0.0.1")
    }

    @Test("origins differ by scheme, host or port, and a default port is no difference")
    func origins() throws {
        let url = try HTTPURL("https://a.test/x")
        #expect(url.hasSameOrigin(as: try HTTPURL("https://A.test:443/y")))
        for other in ["http://a.test/x", "https://b.test/x", "https://a.test:444/x", "http://a.test:443/x"] {
            #expect(!url.hasSameOrigin(as: try HTTPURL(other)), "\(other)")
        }
    }
}

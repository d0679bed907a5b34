import StatusCore
import StatusModel
import StatusProviders
import TelltaleServer
import Testing

@Suite("The section oauth")
struct OAuthSectionTests {
    /// An entry with every key that it needs, and more.
    private func entry(_ more: String = "", file: String = "/f") -> String {
        "{tokenURL: 'https://a.example/token/', clientID: 'id', tokenFile: '\(file)', \(more)}"
    }

    @Test("every key is read")
    func full() throws {
        #expect(
            try parse(fullConfiguration).oauth == [
                OAuthEntry(
                    name: "acme",
                    client: OAuthClient(
                        tokenURL: "https://api.supabase.com/v1/oauth/token", clientID: "id", authentication: .body),
                    clientSecret: .environment(name: "SECRET"), tokenFile: "/var/lib/telltale/acme.json")
            ])
    }

    @Test("a client proves itself by Basic unless told, and a public one only names itself")
    func defaults() throws {
        let text = "{oauth: {b: \(entry()), a: \(entry("clientSecret: 'env:S'", file: "/g"))}}"
        let entries = try parse(text).oauth
        #expect(entries.map(\.name) == ["a", "b"])
        #expect(entries.map(\.client.authentication) == [.basic, .body])
        #expect(entries.map(\.clientSecret) == [.environment(name: "S"), nil])
        // The address as it was written: at an endpoint a final slash can matter.
        #expect(entries[0].client.tokenURL == "https://a.example/token/")
    }

    @Test(
        "a mistake is named with what to write instead",
        arguments: [
            ("{a: {}}", "oauth.a: tokenURL is missing: write tokenURL:"),
            ("{a: {tokenURL: 'https://a.example'}}", "oauth.a: clientID is missing: write clientID:"),
            (
                "{a: {tokenURL: 'https://a.example', clientID: 'i'}}",
                "oauth.a: tokenFile is missing: write tokenFile: \"/var/lib/telltale/NAME.json\""
            ),
            (
                "{a: {tokenURL: 'http://a.example', clientID: 'i', tokenFile: '/f'}}",
                "oauth.a.tokenURL: must be https://"
            ),
            (
                "{a: {tokenURL: 'https://a.example', clientID: '', tokenFile: '/f'}}",
                "oauth.a.clientID: is no client id"
            ),
            (
                "{a: {tokenURL: 'https://a.example', clientID: 'i', tokenFile: 'f'}}",
                "oauth.a.tokenFile: expected the absolute path of a file"
            ),
            ("{a: {tokenUrl: 'https://a.example'}}", "oauth.a.tokenUrl: unknown key; did you mean \"tokenURL\"?"),
            ("{'a/b': {}}", "oauth.a/b: is no name"),
            ("[]", "oauth: expected an object { … }, found a list"),
        ])
    func mistakes(oauth: String, complaint: String) {
        let found = complaints("{oauth: \(oauth)}")
        #expect(found.contains { $0.hasPrefix("t.json5:1: \(complaint)") }, "\(found)")
    }

    @Test(
        "a secret is a reference, which nothing renews, and Basic needs one",
        arguments: [
            ("clientSecret: 'canary'", "clientSecret: write where the secret is found"),
            ("clientSecret: 'oauth:a'", "clientSecret: is the client's own secret"),
            ("clientAuth: 'basic'", "clientAuth: basic needs a clientSecret"),
            (
                "clientSecret: 'env:S', clientAuth: 'basc'",
                "clientAuth: expected one of basic, body; did you mean \"basic\"?"
            ),
        ])
    func secrets(more: String, complaint: String) {
        let found = complaints("{oauth: {a: \(entry(more))}}")
        #expect(found.count == 1)
        #expect(
            found.allSatisfy { $0.hasPrefix("t.json5:1: oauth.a.\(complaint)") && !$0.contains("canary") }, "\(found)")
    }

    @Test("two entries never share a file: each would take the other's tokens for a new login")
    func sharedFile() {
        let found = complaints("{oauth: {a: \(entry()), b: \(entry())}}")
        #expect(found == ["t.json5:1: oauth.b.tokenFile: is the file of \"a\" already; give each its own"])
    }

    @Test("a link that refers to no entry is told which may be meant")
    func unknownEntry() throws {
        let link = "projects: {p: {github: {repo: 'a/b', credential: 'oauth:acmee'}}}"
        #expect(
            complaints("{oauth: {acme: \(entry())},\n\(link)}") == [
                "t.json5:2: projects.p.github.credential: there is no entry \"acmee\" in the section oauth; "
                    + "did you mean \"acme\"?"
            ])
        #expect(
            complaints("{\(link)}") == [
                "t.json5:1: projects.p.github.credential: there is no entry \"acmee\" in the section oauth"
            ])
        // One that is there and mistaken is told of once.
        #expect(complaints("{oauth: {acmee: {}},\n\(link)}").allSatisfy { $0.hasPrefix("t.json5:1: oauth.acmee: ") })
        let good = try parse("{oauth: {acmee: \(entry())},\n\(link)}")
        #expect(good.projects.first?.links[.provider(.github)]?.credential == .oauth(name: "acmee"))
    }
}

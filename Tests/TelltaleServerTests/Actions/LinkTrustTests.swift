import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("What a payload may name")
struct LinkTrustTests {
    @Test(
        "a secret of the project's own link of that provider, or one that the configuration lets payloads name",
        arguments: ["file:/etc/git", "env:SPARE", "oauth:acme", "file:/etc/telltale/tokens/github"])
    func trusted(reference: String) throws {
        let link = try LinkScene().link(.connect, .github, #"{"repo":"acme/new","credential":"\#(reference)"}"#)
        #expect(link?.credential == CredentialText.parse(reference))
    }

    @Test(
        "no other secret of the host, by whatever path, nor one that another link of the project is opened with",
        arguments: [
            "env:SUPABASE", "env:WORKER",
            "file:/etc/shadow", "env:OTHER", "env:PATH", "credential:github", "oauth:other",
            "file:/etc/telltale/tokens",
            "file:/etc/telltale/tokens/../shadow", "file:/etc/telltale/tokens/.", "file:/etc/telltale/tokens/..",
            "file:/etc/telltale/tokens//x", "file:/etc/telltale/tokens/deep/x", "file:/etc/telltale/tokens/deep/../x",
            "file:/etc//telltale/tokens/x", "file:/etc/./git", "file:/etc/telltale/tokens2/x",
        ])
    func untrusted(reference: String) throws {
        for action in [IntegrationAction.connect, .reconnect] {
            let repository = action == .connect ? #""repo":"acme/new","# : ""
            let failure = try LinkScene().failure(action, .github, #"{\#(repository)"credential":"\#(reference)"}"#)
            #expect(failure?.field == "payload.credential")
            #expect(failure?.message.full.contains("actions.credentials") == true)
        }
        let key = #"{"ref":"abcdefghijklmnopqrst","projectKey":"\#(reference)"}"#
        #expect(try LinkScene().failure(.connect, .supabase, key)?.field == "payload.projectKey")
    }

    @Test(
        "an address of the provider's, one that the configuration names for it, or one that it lets payloads name",
        arguments: [
            (ProviderKey.github, #""repo":"a/b","api":"https://api.github.com/""#),
            (.github, #""repo":"a/b","api":"https://git.example.com/api/v3""#),
            (.github, #""repo":"a/b","api":"https://elsewhere.example.com""#),
            (.github, #""repo":"a/b","api":"https://proxy.example.com""#),
            (.vercel, #""project":"p","api":"https://api.vercel.com""#),
            (.sanity, #""project":"p","dataApi":"https://p.api.sanity.io""#),
            (.sanity, #""project":"p","dataApi":"https://data.example.com""#),
            (.supabase, #""ref":"aaaaaaaaaaaaaaaaaaaa","url":"https://aaaaaaaaaaaaaaaaaaaa.supabase.co""#),
        ])
    func trustedAddresses(provider: ProviderKey, fields: String) throws {
        #expect(try LinkScene().link(.connect, provider, "{\(fields)}") != nil)
    }

    @Test(
        "no other address, for a secret travels there",
        arguments: [
            (ProviderKey.github, "api", #""repo":"a/b","api":"https://evil.example.com""#),
            (.github, "api", #""repo":"a/b","api":"https://api.github.com.evil.example.com""#),
            (.github, "api", #""repo":"a/b","api":"https://git.example.com/api/v3/more""#),
            (.github, "api", #""repo":"a/b","api":"https://api.vercel.com""#),
            (.vercel, "api", #""project":"p","api":"https://git.example.com/api/v3""#),
            (.sanity, "dataApi", #""project":"p","dataApi":"https://q.api.sanity.io""#),
            (.sanity, "api", #""project":"p","api":"https://data.example.com""#),
            (.supabase, "url", #""ref":"aaaaaaaaaaaaaaaaaaaa","url":"https://own.example.com""#),
            (.supabase, "api", #""ref":"aaaaaaaaaaaaaaaaaaaa","api":"https://own.example.com""#),
        ])
    func untrustedAddresses(provider: ProviderKey, field: String, fields: String) throws {
        let failure = try #require(try LinkScene().failure(.connect, provider, "{\(fields)}"))
        #expect(failure.field == "payload.\(field)")
        #expect(failure.message.full.contains("actions.apis"))
    }

    @Test("a reload changes what the projects' own links name")
    func reload() throws {
        let scene = try LinkScene()
        let payload = #"{"repo":"a/b","credential":"file:/etc/git"}"#
        #expect(scene.failure(.connect, .github, payload) == nil)
        scene.links.redefine([])
        #expect(scene.failure(.connect, .github, payload)?.field == "payload.credential")
    }
}

import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("A link that an action asks for")
struct ConfiguredLinksTests {
    private static let vercel = Link(
        target: .vercel(VercelTarget(project: "shop", teamID: "team_1")), credential: .environment(name: "SPARE"))

    @Test(
        "connect without fields links what the configuration says, or else what was linked",
        arguments: ["", "{}", " { } "])
    func connectAgain(payload: String) throws {
        let scene = try LinkScene()
        #expect(try scene.link(.connect, .github, payload, current: .some(nil)) == scene.configured(.github))
        #expect(try scene.link(.connect, .vercel, payload, current: Self.vercel) == Self.vercel)
        #expect(scene.failure(.connect, .vercel, payload)?.message.full.contains("project is missing") == true)
    }

    @Test("connect with fields is a whole link, read as the configuration's")
    func connectAnew() throws {
        let payload = """
            { "project": "prj_1", "team": "team_2", "credential": "file:/etc/telltale/tokens/vercel",
              "api": "https://proxy.example.com" }
            """
        let link = try LinkScene().link(.connect, .vercel, payload)
        let target = VercelTarget(project: "prj_1", teamID: "team_2", baseURL: "https://proxy.example.com")
        #expect(link == Link(target: .vercel(target), credential: .file(path: "/etc/telltale/tokens/vercel")))
    }

    @Test("connect keeps the way to the provider where the payload does not name another")
    func connectInherits() throws {
        let scene = try LinkScene()
        var github = try #require(scene.configured(.github))
        github.target = .github(
            GitHubTarget(owner: "acme", repository: "new", baseURL: "https://git.example.com/api/v3"))
        #expect(try scene.link(.connect, .github, #"{"repo":"acme/new"}"#) == github)
        var sanity = try #require(scene.configured(.sanity))
        sanity.target = .sanity(
            SanityTarget(projectID: "abcd1234", dataset: "staging", dataURL: "https://data.example.com"))
        #expect(try scene.link(.connect, .sanity, #"{"project":"abcd1234","dataset":"staging"}"#) == sanity)
    }

    @Test("a project's own host and key stay with that project")
    func connectOther() throws {
        let scene = try LinkScene()
        let other = "aaaaaaaaaaaaaaaaaaaa"
        #expect(
            try scene.link(.connect, .supabase, #"{"ref":"\#(other)"}"#)
                == Link(
                    target: .supabase(SupabaseTarget(reference: other)), credential: .environment(name: "SUPABASE")))
        let sanity = try #require(try scene.link(.connect, .sanity, #"{"project":"zzzz9999"}"#))
        #expect(sanity.target == .sanity(SanityTarget(projectID: "zzzz9999")))
    }

    @Test("a secret does not follow to an address that it was not named for")
    func connectElsewhere() throws {
        let payload = #"{"repo":"acme/new","api":"https://elsewhere.example.com"}"#
        #expect(try LinkScene().link(.connect, .github, payload)?.credential == nil)
    }

    @Test("reconnect keeps the link, and takes another secret")
    func reconnect() throws {
        let scene = try LinkScene()
        var github = try #require(scene.configured(.github))
        #expect(try scene.link(.reconnect, .github) == github)
        #expect(try scene.link(.reconnect, .github, current: .some(nil)) == github)
        github.credential = .environment(name: "SPARE")
        #expect(try scene.link(.reconnect, .github, #"{"credential":"env:SPARE"}"#) == github)
        var supabase = try #require(scene.configured(.supabase))
        supabase.namedCredentials = [SupabaseTarget.projectKey: .environment(name: "SPARE")]
        #expect(try scene.link(.reconnect, .supabase, #"{"projectKey":"env:SPARE"}"#) == supabase)
        #expect(scene.failure(.reconnect, .github, #"{"repo":"acme/x"}"#)?.field == "payload.repo")
        #expect(scene.failure(.reconnect, .github, #"{"projectKey":"env:SPARE"}"#)?.field == "payload.projectKey")
        #expect(scene.failure(.reconnect, .vercel)?.reason == "NOT_LINKED")
    }

    @Test("link puts another project of the provider in the place of the one that is linked")
    func relink() throws {
        let scene = try LinkScene()
        var expected = Self.vercel
        expected.target = .vercel(VercelTarget(project: "blog", teamID: "team_1"))
        #expect(try scene.link(.link, .vercel, #"{"project":"blog"}"#, current: Self.vercel) == expected)
        expected.target = .vercel(VercelTarget(project: "blog", teamID: "team_2"))
        let named = #"{"project":"blog","team":"team_2"}"#
        #expect(try scene.link(.link, .vercel, named, current: Self.vercel) == expected)
        #expect(scene.failure(.link, .vercel, #"{"project":"blog"}"#)?.reason == "NOT_LINKED")
        #expect(scene.failure(.link, .vercel, #"{"project":"a b"}"#, current: Self.vercel)?.field == "payload.project")
    }

    @Test("link with a repository is the provider's to do, and link with both or neither nobody's")
    func linkRepository() throws {
        let scene = try LinkScene()
        #expect(try scene.proposal(.link, .provider(.vercel), #"{"repo":"acme/shop","type":"github"}"#) == nil)
        #expect(scene.failure(.link, .vercel, #"{"repo":"acme/shop","project":"shop"}"#)?.code == .invalidArgument)
        #expect(scene.failure(.link, .vercel, "{}")?.field == "payload")
    }

    @Test("disconnect takes nothing and leaves nothing")
    func disconnect() throws {
        let scene = try LinkScene()
        #expect(try scene.proposal(.disconnect, .provider(.github)) == .nothing)
        #expect(scene.failure(.disconnect, .github, #"{"repo":"acme/shop"}"#)?.code == .invalidArgument)
    }

    @Test("all other actions leave the link alone, whatever their payload is")
    func others() throws {
        let scene = try LinkScene()
        for action in IntegrationAction.allCases where ![.connect, .disconnect, .reconnect, .link].contains(action) {
            #expect(try scene.proposal(action, .provider(.github), "[") == nil)
        }
        #expect(try scene.proposal(.connect, .service("worker"), "[") == nil)
    }

    @Test("a link that the configuration switches off is not linked by an action")
    func switchedOff() throws {
        let scene = try LinkScene("{projects: {shop: {github: {repo: 'acme/shop', enabled: false}}}}")
        #expect(scene.failure(.connect, .github)?.reason == "LINK_DISABLED")
        #expect(scene.failure(.reconnect, .github)?.reason == "LINK_DISABLED")
        #expect(scene.failure(.connect, .github, #"{"repo":"acme/new"}"#)?.reason == "LINK_DISABLED")
        #expect(scene.failure(.disconnect, .github)?.reason == "LINK_DISABLED")
    }

    @Test(
        "a mistake is told with its field and in the configuration's words, of which viewers see none",
        arguments: [
            (#"{"repo":"acme"}"#, "payload.repo", "\"acme\" is no repository"),
            ("{}x", "payload", "one JSON object"), ("[]", "payload", "one JSON object"),
            ("{repo:'acme/shop'}", "payload", "one JSON object"),
            (#"{"repo":"a/b","repo":"a/c"}"#, "payload", "each name once"),
            (#"{"repo":"a/b",}"#, "payload", "one JSON object"),
            (#"{"repo":"a\",}","x":[1, ] }"#, "payload", "one JSON object"),
            ("{\"repo\":\"a\t/b\"}", "payload", "one JSON object"),
            (#"{"repo":"a/b"}//"#, "payload", "one JSON object"), (#"{"repo":0x1}"#, "payload", "one JSON object"),
            (#"{"repo":"a\",}"}"#, "payload.repo", "is no repository"),
            (#"{"repo":"a/b","enabled":true}"#, "payload.enabled", "unknown key"),
            (#"{"repo":"a/b","webhookSecret":"env:SPARE"}"#, "payload.webhookSecret", "unknown key"),
            (#"{"rep":"a/b"}"#, "payload", "repo is missing"),
            (#"{"repo":"a/b","credential":"ghp_secret"}"#, "payload.credential", "never the secret itself"),
        ])
    func mistakes(payload: String, field: String, words: String) throws {
        let failure = try #require(try LinkScene().failure(.connect, .github, payload))
        #expect(failure.code == .invalidArgument)
        #expect(failure.field == field)
        #expect(failure.message.full.contains(words), "\(failure.message.full)")
        #expect(!failure.message.full.contains("ghp_"))
        #expect(!failure.message.generic.contains("acme"))
    }
}

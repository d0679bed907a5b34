import StatusCore
import StatusModel
import Testing

@Suite("Whose webhooks are taken")
struct WebhookIndexTests {
    private let secret = CredentialReference.environment(name: "SECRET")

    private func definition(_ id: String, repository: String = "octo-repo", isEnabled: Bool = true) throws
        -> ProjectDefinition
    {
        let link = Link(
            target: .github(GitHubTarget(owner: "Octo-Org", repository: repository)), isEnabled: isEnabled)
        return ProjectDefinition(
            id: try #require(ProjectID(id)), links: [.provider(.github): link], webhookSecrets: [.github: [secret]])
    }

    private func names(_ index: WebhookIndex, _ name: String = "octo-org/octo-repo") -> [String] {
        index.projects(linking: [name], of: .github).map(\.rawValue)
    }

    @Test("projects are found by what they link, in order, as long as they link it")
    func finding() throws {
        var index = WebhookIndex()
        for id in ["b", "a"] { index.add(try definition(id)) }
        index.add(try definition("c", repository: "other"))
        #expect(names(index) == ["a", "b"])
        #expect(index.projects(linking: ["octo-org/octo-repo"], of: .vercel).isEmpty)
        #expect(Array(index.secrets(of: .github)) == [secret] && index.secrets(of: .vercel).isEmpty)
        index.remove(try definition("a"))
        #expect(names(index) == ["b"])
        index.remove(try definition("b"))
        #expect(names(index).isEmpty && Array(index.secrets(of: .github)) == [secret])
        index.remove(try definition("c"))
        #expect(index.secrets(of: .github).isEmpty)
    }

    @Test("a link that is switched off, or has no secret, takes none")
    func without() throws {
        var index = WebhookIndex()
        index.add(try definition("off", isEnabled: false))
        #expect(try definition("off", isEnabled: false).webhookLink(of: .github) == nil)
        var bare = try definition("bare")
        bare.webhookSecrets = [:]
        index.add(bare)
        #expect(bare.webhookLink(of: .github) == nil)
        #expect(names(index).isEmpty)
        #expect(try definition("shop").webhookLink(of: .github)?.secrets == [secret])
    }

    @Test("a header that came twice has no value, in whatever case it came")
    func headers() {
        let headers = WebhookHeaders([
            WebhookHeader("X-Once", "1"), WebhookHeader("X-Twice", "1"), WebhookHeader("x-twice", "1"),
        ])
        #expect(headers["x-once"] == "1")
        #expect(headers["x-twice"] == nil)
        #expect(headers.contains("x-twice"))
        #expect(headers["x-never"] == nil && !headers.contains("x-never"))
    }
}

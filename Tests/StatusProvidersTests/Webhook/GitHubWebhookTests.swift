import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("What GitHub's webhooks say")
struct GitHubWebhookTests {
    private let link = WebhookScene.github

    /// Read an hour after the push of 11:00, as all is well.
    private func known() async throws -> Reading {
        var scene = GitHubScene(repository: GitHubScene.repository())
        scene.now = WebhookScene.now.advanced(by: .seconds(-60))
        return try await scene.read()
    }

    private func repository(_ action: String, _ fields: String, updatedAt: String) -> WebhookDelivery {
        WebhookSamples.github(
            "repository",
            body: """
                {"action":"\(action)",
                 "repository":{"full_name":"octo/hello","updated_at":"\(updatedAt)",\(fields)}}
                """)
    }

    @Test("a push shows at once, as the read that confirms it will show it")
    func push() async throws {
        let pushedAt = WebhookScene.ago(5)
        let known = try await known()
        let news = try #require(WebhookScene.news(WebhookScene.push(at: pushedAt), of: link, known: known))
        #expect(news.milestones.map(\.kind) == ["github:push"])
        #expect(news.milestones.map(\.at) == [pushedAt])
        #expect(news.isToBeRead)
        let reading = try #require(news.reading)
        #expect(reading.words() == "Linked to main · Last push 5s ago")
        #expect(reading.observedAt == WebhookScene.now)
        let scene = GitHubScene(repository: GitHubScene.repository(pushedAt: "2026-01-15T11:59:55Z"))
        let confirmed = try await scene.read(previous: reading)
        #expect(confirmed.summary == reading.summary)
        #expect(confirmed.milestones.allSatisfy { !$0.isNews(after: news.milestones[0]) })
    }

    @Test("an older push, or one that was read already, changes nothing and is read no second time")
    func older() async throws {
        let known = try await known()
        for seconds in [3_600, 3_601, 86_400] as [Int64] {
            let news = WebhookScene.news(WebhookScene.push(at: WebhookScene.ago(seconds)), of: link, known: known)
            #expect(news == .known)
        }
    }

    @Test("a push wakes a quiet repository, and gives an empty one its first commit")
    func wakes() async throws {
        let news = WebhookScene.push(at: WebhookScene.ago(5))
        let quiet = try await GitHubScene(repository: GitHubScene.repository(pushedAt: "2025-11-15T11:00:00Z")).read()
        #expect(quiet.status.status(at: WebhookScene.now.wall) == .warning)
        let woken = try #require(WebhookScene.news(news, of: link, known: quiet)?.reading)
        #expect(woken.status.status(at: WebhookScene.now.wall) == .connected)
        let empty = try await GitHubScene(
            repository: GitHubScene.repository(), commits: GitHubScene.emptyRepository
        ).read()
        #expect(empty.words().hasSuffix("No commits yet"))
        let begun = try #require(WebhookScene.news(news, of: link, known: empty)?.reading)
        #expect(begun.words().hasSuffix("Last push 5s ago"))
    }

    @Test("before anything was read a push is an event, and no reading is made up")
    func unread() {
        let news = WebhookScene.news(WebhookScene.push(at: WebhookScene.ago(5)), of: link, known: nil)
        #expect(news?.milestones.map(\.kind) == ["github:push"])
        #expect(news?.reading == nil)
    }

    @Test("a push that lies ahead of every clock only has the repository read")
    func ahead() async throws {
        let known = try await known()
        let news = WebhookScene.news(WebhookScene.push(at: WebhookScene.ago(-301)), of: link, known: known)
        #expect(news == .mereHint)
    }

    @Test("a repository that was made private or archived shows so; what was read later knows better")
    func repositoryChanges() async throws {
        let known = try await known()
        let hidden = repository("privatized", #""private":true"#, updatedAt: "2026-01-15T11:59:58Z")
        let reading = try #require(WebhookScene.news(hidden, of: link, known: known)?.reading)
        #expect(known.label?.generic == "Repository" && reading.label?.generic == "Private repository")
        let archived = repository("archived", #""archived":true"#, updatedAt: "2026-01-15T11:59:58Z")
        #expect(WebhookScene.news(archived, of: link, known: known)?.reading?.words().contains("Archived") == true)
        let late = repository("archived", #""archived":true"#, updatedAt: "2026-01-15T11:58:58Z")
        #expect(WebhookScene.news(late, of: link, known: known) == .mereHint)
        let gone = repository("deleted", #""archived":true"#, updatedAt: "2026-01-15T11:59:58Z")
        #expect(WebhookScene.news(gone, of: link, known: known) == .mereHint)
    }

    @Test("one that was renamed is known by its former name, and by its new one once it was read")
    func renamed() async throws {
        let delivery = WebhookSamples.github(
            "repository",
            body: """
                {"action":"renamed","changes":{"repository":{"name":{"from":"hello"}}},
                 "repository":{"full_name":"octo/world","private":false,"updated_at":"2026-01-15T11:59:58Z"}}
                """)
        #expect(Set(WebhookReader.names(in: delivery)) == ["octo/world", "octo/hello"])
        let reading = try #require(WebhookScene.news(delivery, of: link, known: try await known())?.reading)
        #expect(reading.label?.full == "octo/world")
        let push = WebhookScene.push(to: "octo/world", at: WebhookScene.ago(1))
        #expect(WebhookScene.news(push, of: link, known: reading)?.milestones.isEmpty == false)
    }

    @Test("what an app may see only asking tells; names have no case; another repository is none of ours")
    func others() async throws {
        let known = try await known()
        let installation = WebhookSamples.github(
            "installation", body: #"{"action":"deleted","repositories":[{"full_name":"Octo/Hello"},7]}"#)
        #expect(WebhookScene.news(installation, of: link, known: known) == .mereHint)
        let other = WebhookScene.push(to: "octo/other", at: WebhookScene.ago(1))
        #expect(WebhookScene.news(other, of: link, known: known) == nil)
        let named = WebhookScene.push(to: "OCTO/Hello", at: WebhookScene.ago(1))
        #expect(WebhookScene.news(named, of: link, known: known)?.reading != nil)
    }

    @Test("a ping and events of no concern say nothing", arguments: ["ping", "star", "", "PUSH"])
    func announcements(event: String) {
        let body = WebhookSamples.push(to: "octo/hello", at: WebhookScene.ago(1))
        let delivery = WebhookSamples.github(event, body: body)
        #expect(WebhookScene.news(delivery, of: link, known: nil) == nil)
    }
}

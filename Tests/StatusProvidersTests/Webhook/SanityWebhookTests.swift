import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("What Sanity's and Supabase's webhooks say")
struct SanityWebhookTests {
    private let link = WebhookScene.sanity

    private func news(
        ago seconds: Int64 = 2, project: String = "n1f7yabc", dataset: String = "production", known: Reading?
    ) -> WebhookNews? {
        WebhookScene.news(
            WebhookSamples.sanity(project: project, dataset: dataset, at: WebhookScene.ago(seconds)), of: link,
            known: known)
    }

    @Test("a delivery is an event, shows that the dataset lives, and is no second event once Sanity's list has it")
    func delivered() async throws {
        let known = try await SanityScene().read()
        let news = try #require(self.news(known: known))
        #expect(news.milestones.map(\.kind) == ["sanity:webhook"])
        let reading = try #require(news.reading)
        #expect(reading.status.status(at: WebhookScene.now.wall) == .connected)
        #expect(reading.words().hasSuffix("Live sync"))
        // Sanity's own list dates the attempt by its own clock.
        for seconds in [-7, 0, 2, 9] as [Int64] {
            let listed = Milestone(kind: "sanity:webhook", at: WebhookScene.ago(seconds), message: "")
            #expect(!listed.isNews(after: news.milestones[0]))
        }
        let later = Milestone(kind: "sanity:webhook", at: WebhookScene.ago(-9), message: "")
        #expect(later.isNews(after: news.milestones[0]))
    }

    @Test("the next read goes on from what the delivery told")
    func goesOn() async throws {
        let scene = SanityScene()
        let told = try #require(news(known: try await scene.read())?.reading)
        let next = try await scene.read(previous: told)
        #expect(next.status.status(at: WebhookScene.now.wall) == .connected)
        #expect(next.milestones.map(\.at) == told.milestones.map(\.at))
    }

    @Test("one that was signed before another is older, whatever its headers say")
    func older() async throws {
        let told = try #require(news(known: try await SanityScene().read())?.reading)
        #expect(news(ago: 3, known: told) == .known)
        #expect(news(ago: 2, known: told) == .known)
        #expect(news(ago: 1, known: told)?.milestones.isEmpty == false)
    }

    @Test("another project's or dataset's delivery is none of ours; an alias may stand for any dataset")
    func others() {
        #expect(news(project: "other", known: nil) == nil)
        #expect(news(dataset: "staging", known: nil) == nil)
        let alias = Link(target: .sanity(SanityTarget(projectID: "n1f7yabc", dataset: "~live")))
        let delivery = WebhookSamples.sanity(project: "n1f7yabc", dataset: "staging", at: WebhookScene.ago(1))
        #expect(WebhookScene.news(delivery, of: alias, known: nil)?.milestones.isEmpty == false)
    }

    @Test("Sanity's body may be anything, for it is never read", arguments: ["", "null", "[", "7", #""x""#])
    func anyBody(body: String) {
        let delivery = WebhookSamples.sanity(project: "n1f7yabc", at: WebhookScene.ago(1), body: body)
        #expect(WebhookScene.news(delivery, of: link, known: nil)?.milestones.isEmpty == false)
    }

    @Test("Supabase's have a project read that was not well, and leave one alone that is")
    func supabase() {
        var reading = Reading(
            key: .provider(.supabase), observedAt: WebhookScene.now, status: StatusTimeline(.connected),
            summary: Summary([]))
        for delivery in [WebhookSamples.database(), WebhookSamples.standard(at: WebhookScene.ago(1))] {
            reading.status = StatusTimeline(.connected)
            #expect(
                WebhookScene.news(delivery, of: WebhookScene.supabase, known: reading) == .known)
            reading.status = StatusTimeline(.warning)
            #expect(WebhookScene.news(delivery, of: WebhookScene.supabase, known: reading) == .mereHint)
            #expect(WebhookScene.news(delivery, of: WebhookScene.supabase, known: nil) == .mereHint)
        }
    }
}

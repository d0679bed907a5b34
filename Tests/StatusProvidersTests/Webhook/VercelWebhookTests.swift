import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("What Vercel's webhooks say")
struct VercelWebhookTests {
    private let link = WebhookScene.vercel

    /// Live since an hour ago.
    private func known() -> Reading {
        var reading = Reading(
            key: .provider(.vercel), observedAt: WebhookScene.now.advanced(by: .seconds(-60)),
            status: StatusTimeline(.connected), summary: Summary([.text("1 deployment this week"), .text("Live")]))
        reading.environments = [
            EnvironmentReading(
                name: "production", status: StatusTimeline(.connected), summary: Summary([.text("Live")]),
                url: "https://shop-old.vercel.app", lastDeployAt: WebhookScene.ago(3_600))
        ]
        reading.milestones = ["deploy:started", "deploy:finished"].map {
            Milestone(kind: $0, at: WebhookScene.ago(3_600), message: "", subject: "dpl_0")
        }
        return reading
    }

    private func news(
        _ type: String, _ deployment: String = "dpl_1", ago seconds: Int64 = 5, target: String? = "production",
        known: Reading?
    ) -> WebhookNews? {
        WebhookScene.news(
            WebhookSamples.vercel(type, deployment: deployment, at: WebhookScene.ago(seconds), target: target),
            of: link,
            known: known)
    }

    @Test("a production deployment that began shows as deploying, and is one event with the read that finds it")
    func began() throws {
        let news = try #require(self.news("deployment.created", known: known()))
        #expect(news.milestones.map(\.kind) == ["deploy:started"])
        let reading = try #require(news.reading)
        #expect(reading.words() == "1 deployment this week · Live · Deploying")
        #expect(reading.status == StatusTimeline(.connected))
        // Vercel's list dates it by its creation, a little before the delivery or after it.
        for seconds in [6, 4] as [Int64] {
            let found = Milestone(kind: "deploy:started", at: WebhookScene.ago(seconds), message: "", subject: "dpl_1")
            #expect(reading.milestones.allSatisfy { !found.isNews(after: $0) || $0.kind != found.kind })
        }
        // And the other way about.
        var read = known()
        read.milestones[0] = Milestone(kind: "deploy:started", at: WebhookScene.ago(6), message: "", subject: "dpl_1")
        #expect(self.news("deployment.created", known: read) == .known)
    }

    @Test("one that succeeded is live at its own address; its promotion is the same event")
    func succeeded() throws {
        let news = try #require(self.news("deployment.succeeded", known: known()))
        #expect(news.milestones.map(\.kind) == ["deploy:finished"])
        #expect(news.milestones.map(\.message) == ["Production deployed"])
        let reading = try #require(news.reading)
        #expect(reading.words() == "1 deployment this week · Live")
        #expect(reading.environments.map(\.url) == ["https://shop-git-main.vercel.app"])
        #expect(reading.environments[0].lastDeployAt == WebhookScene.ago(5))
        #expect(self.news("deployment.promoted", ago: 1, known: reading) == .known)
    }

    @Test("one that failed leaves the earlier one live, with a warning")
    func failed() throws {
        let reading = try #require(news("deployment.error", known: known())?.reading)
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.words() == "1 deployment this week · Production failing · Earlier one live")
        #expect(reading.environments[0].status == StatusTimeline(.warning))
        #expect(reading.environments[0].url == "https://shop-old.vercel.app")
        var unlaunched = known()
        unlaunched.environments = []
        let first = try #require(news("deployment.error", known: unlaunched)?.reading)
        #expect(first.environments[0].status == StatusTimeline(.error))
        #expect(first.words() == "1 deployment this week · Production failing")
    }

    @Test("deliveries out of order: an end that comes late, or before its begin, turns nothing back")
    func outOfOrder() throws {
        let ended = try #require(news("deployment.succeeded", known: known())?.reading)
        #expect(news("deployment.error", "dpl_0b", ago: 6, known: ended) == .known)
        #expect(news("deployment.created", ago: 9, known: ended) == .known)
        #expect(news("deployment.created", ago: 3, known: ended) == .known)
        #expect(news("deployment.created", "dpl_2", ago: 3, known: ended)?.milestones.count == 1)
    }

    @Test("previews, cancellations and changes of the integration are read, and are no event")
    func hints() {
        #expect(news("deployment.succeeded", target: nil, known: known()) == .mereHint)
        #expect(news("deployment.created", target: "staging", known: known()) == .mereHint)
        #expect(news("deployment.canceled", known: known()) == .mereHint)
        let removed = WebhookSamples.vercel(
            body: """
                {"id":"e","type":"integration-configuration.removed","createdAt":1,
                 "payload":{"configuration":{"projects":["prj_shop",7]}}}
                """)
        #expect(WebhookScene.news(removed, of: link, known: known()) == .mereHint)
    }

    @Test("what is no concern of ours says nothing: other types, projects and teams")
    func others() {
        #expect(news("domain.created", known: known()) == nil)
        let delivery = WebhookSamples.vercel(project: "prj_other", at: WebhookScene.ago(1))
        #expect(WebhookScene.news(delivery, of: link, known: known()) == nil)
        let named = Link(target: .vercel(VercelTarget(project: "shop")))
        #expect(WebhookScene.news(delivery, of: named, known: known())?.reading != nil)
        let team = Link(target: .vercel(VercelTarget(project: "shop", teamID: "team_2")))
        #expect(WebhookScene.news(delivery, of: team, known: known()) == nil)
    }

    @Test("before anything was read it is an event, and no reading is made up")
    func unread() {
        let news = self.news("deployment.succeeded", known: nil)
        #expect(news?.milestones.map(\.kind) == ["deploy:finished"])
        #expect(news?.reading == nil)
        #expect(self.news("deployment.created", known: nil) == .mereHint)
    }
}

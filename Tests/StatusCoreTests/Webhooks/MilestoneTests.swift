import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("Milestones: each is told once")
struct MilestoneTests {
    private let start = Samples.start.wall

    private func milestone(
        _ seconds: Int64 = 0, kind: String = "deploy:finished", subject: String = "", isTold: Bool = false
    ) -> Milestone {
        Milestone(kind: kind, at: start.advanced(by: .seconds(seconds)), message: "", subject: subject, isTold: isTold)
    }

    @Test("is news after an older one of its kind, and after any of another kind")
    func plain() {
        #expect(milestone(1).isNews(after: milestone(0)))
        #expect(!milestone(0).isNews(after: milestone(0)))
        #expect(!milestone(-1).isNews(after: milestone(0)))
        #expect(milestone(-1, kind: "github:push").isNews(after: milestone(0)))
    }

    @Test("what is of one name is one thing, however it is dated")
    func subject() {
        #expect(!milestone(99, subject: "dpl_1").isNews(after: milestone(0, subject: "dpl_1")))
        #expect(milestone(1, subject: "dpl_2").isNews(after: milestone(0, subject: "dpl_1")))
    }

    @Test("that a deployment began is no news once its end was told")
    func beginAfterEnd() {
        let ended = milestone(0, subject: "dpl_1")
        #expect(!milestone(5, kind: "deploy:started", subject: "dpl_1").isNews(after: ended))
        #expect(milestone(-5, kind: "deploy:started", subject: "dpl_2").isNews(after: ended))
        #expect(milestone(5, subject: "dpl_1").isNews(after: milestone(0, kind: "deploy:started", subject: "dpl_1")))
    }

    @Test("an answer that dates what a webhook told a little later is no news; another webhook is")
    func slack() {
        #expect(!milestone(10).isNews(after: milestone(0, isTold: true)))
        #expect(milestone(11).isNews(after: milestone(0, isTold: true)))
        #expect(milestone(1, isTold: true).isNews(after: milestone(0, isTold: true)))
        #expect(milestone(1, isTold: true).isNews(after: milestone(0)))
    }

    @Test("a reading takes back no milestone, and takes over one that it confirms")
    func kept() {
        func applied(_ new: [Milestone], after old: [Milestone]) -> [Milestone]? {
            var (first, second) = (Samples.reading(), Samples.reading(at: Samples.start.after(1)))
            (first.milestones, second.milestones) = (old, new)
            return Samples.project().applied(reading: first, for: Samples.github, at: Samples.start)
                .applied(reading: second, for: Samples.github, at: Samples.start.after(1))
                .record(of: Samples.github)?.reading?.milestones
        }
        #expect(applied([milestone(0)], after: [milestone(5)]) == [milestone(5)])
        #expect(applied([milestone(9)], after: [milestone(5)]) == [milestone(9)])
        #expect(applied([], after: [milestone(5)]) == [milestone(5)])
        let confirmed = milestone(1, subject: "dpl_1")
        #expect(applied([confirmed], after: [milestone(5, subject: "dpl_1", isTold: true)]) == [confirmed])
    }
}

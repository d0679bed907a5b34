import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("Answers that lag behind a webhook")
struct LaggingAnswerTests {
    /// What a webhook told at the start: the deployment `dpl_1` failed.
    private var told: Reading { reading("dpl_1", .warning, "Production failing", isTold: true) }

    private func reading(
        _ deployment: String, _ status: ConnectionState, _ words: String, after seconds: Double = 0,
        isTold: Bool = false
    ) -> Reading {
        var reading = Samples.reading(Samples.vercel, at: Samples.start.after(seconds), status: status)
        reading.summary = Summary([.text(words)])
        reading.environments = [
            EnvironmentReading(name: "production", status: StatusTimeline(status), summary: Summary([.text(words)]))
        ]
        let at = Samples.start.wall.advanced(by: .seconds(isTold ? 0 : deployment == "dpl_0" ? -3_600 : -30))
        reading.milestones = [
            Milestone(kind: EventKind.deployFinished, at: at, message: "", subject: deployment, isTold: isTold)
        ]
        return reading
    }

    /// What is shown after an answer that came so many seconds after the webhook.
    private func shown(_ answer: Reading, after seconds: Double) -> Reading? {
        Samples.project([Samples.vercel]).told(told, of: Samples.vercel)
            .applied(reading: answer, for: Samples.vercel, at: Samples.start.after(seconds))
            .record(of: Samples.vercel)?.reading
    }

    @Test("what was told stands against an answer that does not know of it, for a minute", arguments: [1, 59, 60])
    func standing(seconds: Double) throws {
        var answer = reading("dpl_0", .connected, "Live", after: seconds)
        answer.label = ResourceLabel(full: "renamed", generic: "Vercel project")
        let seen = try #require(shown(answer, after: seconds))
        let expected = seconds < 60 ? told : answer
        #expect(seen.status == expected.status && seen.summary == expected.summary)
        #expect(seen.environments == expected.environments)
        #expect(seen.observedAt == answer.observedAt && seen.label == answer.label)
        #expect(seen.milestones == told.milestones)
    }

    @Test("an answer that knows of the deployment, or of a newer one, counts at once")
    func confirmed() throws {
        let confirming = reading("dpl_1", .connected, "Live", after: 1)
        #expect(try #require(shown(confirming, after: 1)).status == StatusTimeline(.connected))
        var newer = reading("dpl_2", .connected, "Live", after: 1)
        newer.milestones[0].at = Samples.start.wall.advanced(by: .seconds(1))
        #expect(try #require(shown(newer, after: 1)).summary == newer.summary)
    }

    @Test("trouble that the answer brings beside the deployments shows")
    func trouble() throws {
        var answer = reading("dpl_0", .warning, "Live", after: 1)
        answer.problem = ReadingProblem(code: .notFound, cause: .refused, hint: "Look.")
        answer.status = StatusTimeline(.error)
        let seen = try #require(shown(answer, after: 1))
        #expect(seen.status == answer.status && seen.problem == answer.problem && seen.summary == told.summary)
    }
}

import StatusCore
import StatusModel
import Testing

@Suite("Redaction")
struct RedactionTests {
    @Test("only a viewer reads generic words", arguments: Role.allCases)
    func words(role: Role) {
        let redaction = Redaction(for: role)
        let isViewer = role == .viewer
        #expect(
            redaction.label(.init(full: "octo-org/repo", generic: "Private repository"))
                == (isViewer ? "Private repository" : "octo-org/repo"))
        #expect(redaction.url("https://shop.example") == (isViewer ? "" : "https://shop.example"))
        #expect(
            redaction.facts(Summary([.restricted("octo-org", generic: "Linked")])).facts
                == [.text(isViewer ? "Linked" : "octo-org")])
        #expect(
            redaction.hint("Ask octo-org.", for: .notFound)
                == (isViewer ? ProblemCode.notFound.genericHint : "Ask octo-org."))
    }

    @Test("every code has advice and plain words of its own")
    func everyCodeHasWords() {
        #expect(Set(ProblemCode.allCases.map(\.genericHint)).count == ProblemCode.allCases.count)
        for key in [Samples.github, Samples.vercel, .service("worker")] {
            let words = Set(ProblemCode.allCases.map { $0.plainWords(for: key) })
            #expect(words.count == ProblemCode.allCases.count)
        }
    }

    @Test(
        "no name of an organisation reaches a viewer, in whatever state a project is",
        arguments: 1...20 as ClosedRange<UInt64>)
    func canary(seed: UInt64) {
        var random = RandomProject(seed: seed)
        for _ in 0..<20 {
            let snapshot = random.snapshot()
            let shown = String(describing: Samples.render(snapshot, role: .viewer).envelope)
            #expect(!shown.contains("octo-"), "seed \(seed)")
        }
    }

    @Test("what the canary looks for is there for others")
    func canaryCanSing() {
        let snapshot = Samples.project().applied(reading: Samples.reading(), for: Samples.github, at: Samples.start)
        #expect(String(describing: Samples.render(snapshot, role: .editor).envelope).contains("octo-"))
    }
}

import StatusCore
import StatusModel
import Testing

@Suite("Summaries")
struct SummaryFactsTests {
    private let now = Samples.start.wall

    @Test("parts are joined and instants become words")
    func joins() {
        let facts = SummaryFacts([
            .text("Linked to main"), .ago(label: "Last push", now.advanced(by: .seconds(-125))),
        ])
        let (words, changesAt) = facts.rendered(at: now)
        #expect(words == "Linked to main · Last push 2m ago")
        #expect(changesAt == now.advanced(by: .seconds(55)))
    }

    @Test("an empty part leaves no separator behind, an unlabelled instant no blank")
    func skipsEmpty() {
        let facts = SummaryFacts([.text(""), .text("Live"), .ago(label: "", now)])
        #expect(facts.rendered(at: now).words == "Live · just now")
    }

    @Test("of several instants the first to change counts")
    func earliestChange() {
        let facts = SummaryFacts([
            .ago(label: "a", now.advanced(by: .seconds(-10))), .ago(label: "b", now.advanced(by: .seconds(-115))),
        ])
        #expect(facts.rendered(at: now).changesAt == now.advanced(by: .seconds(5)))
        #expect(SummaryFacts([.text("Live")]).rendered(at: now).changesAt == nil)
    }
}

import StatusCore
import StatusModel
import Testing

@Suite("What a report says")
struct RunReportFactsTests {
    private let start = Samples.start

    private func report(_ results: [RunResult], endedAt: UnixTime? = nil) -> RunReport {
        RunReport(projectID: Samples.project().projectID, kind: .smokeTests, results: results, endedAt: endedAt)
    }

    @Test("a run may end five minutes ahead of our clock and no later", arguments: [(300, true), (301, false)])
    func clockAhead(seconds: Double, isRight: Bool) {
        let mistake = report([], endedAt: start.after(seconds).wall).mistake(about: Samples.project(), at: start.wall)
        #expect((mistake == nil) == isRight)
        if let mistake { #expect(mistake.field == "ended_at") }
    }

    @Test("a run may name any provider, and those services that the project has")
    func keys() {
        let project = Samples.project([.service("worker")])
        let results = ["github", "sanity", "service:worker", "service:other"].map {
            RunResult(name: "check", key: ItemKey($0), passed: true)
        }
        #expect(report(Array(results.prefix(3))).mistake(about: project, at: start.wall) == nil)
        #expect(report(results).mistake(about: project, at: start.wall)?.field == "results[3].key")
    }

    @Test("is told in one line, and to a viewer without the reporter's own words")
    func lines() {
        let passed = RunResult(name: "home", passed: true)
        let failed = RunResult(name: "pay", passed: false, message: "HTTP 500\nat octo-org")
        #expect(report([]).line(for: .owner) == "Smoke tests passed")
        #expect(report([passed]).line(for: .owner) == "Smoke tests passed: 1 check")
        #expect(
            report([passed, failed]).line(for: .owner) == "Smoke tests failed: 1 of 2 checks; pay: HTTP 500 at octo-org"
        )
        #expect(report([passed, failed]).line(for: .viewer) == "Smoke tests failed: 1 of 2 checks")
        let long = RunResult(name: String(repeating: "\u{2028}", count: 500), passed: false)
        let line = "Smoke tests failed: 1 of 1 check; "
        #expect(report([long]).line(for: .owner) == line + String(repeating: " ", count: 199) + "…")
        // Of one, two, three and four bytes.
        for scalar in ["a", "é", "中", "𐌰"] {
            for (count, end) in [(200, ""), (201, "…")] {
                let words = RunResult(name: String(repeating: scalar, count: count), passed: false)
                let expected = line + String(repeating: scalar, count: end.isEmpty ? 200 : 199) + end
                #expect(report([words]).line(for: .owner) == expected)
            }
        }
    }

    @Test("a line is broken by what Unicode calls a control character or a separator of lines or paragraphs")
    func breaks() {
        for scalar in (0...0x30FF).compactMap(Unicode.Scalar.init) {
            let name = "a\(scalar)b"
            let category = scalar.properties.generalCategory
            let isBroken = [.control, .lineSeparator, .paragraphSeparator].contains(category)
            let line = report([RunResult(name: name, passed: false)]).line(for: .owner)
            #expect(line.hasSuffix(isBroken ? "; a b" : "; \(name)"), "U+\(String(scalar.value, radix: 16))")
        }
    }
}

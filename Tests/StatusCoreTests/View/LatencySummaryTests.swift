import StatusCore
import StatusModel
import Testing

@Suite("Latency figures")
struct LatencySummaryTests {
    @Test("without samples there are none")
    func empty() { #expect(LatencySummary(samples: []) == nil) }

    @Test("one sample is mean and percentile")
    func single() {
        #expect(LatencySummary(samples: [.milliseconds(7)]) == .init(mean: .milliseconds(7), p95: .milliseconds(7)))
    }

    @Test("the 95th percentile is the nearest rank, in whatever order the samples came")
    func nearestRank() throws {
        let samples = (1...20).reversed().map { Duration.milliseconds($0 * 10) }
        let summary = try #require(LatencySummary(samples: samples))
        #expect(summary.mean == .milliseconds(105))
        #expect(summary.p95 == .milliseconds(190))
    }
}

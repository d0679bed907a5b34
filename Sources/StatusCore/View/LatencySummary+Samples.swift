package import StatusModel

extension LatencySummary {
    /// Mean and 95th percentile (nearest rank) of the samples; nil without any.
    package init?(samples: some Collection<Duration>) {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return nil }
        let rank = (sorted.count * 95 + 99) / 100
        self.init(mean: sorted.reduce(.zero, +) / sorted.count, p95: sorted[rank - 1])
    }
}

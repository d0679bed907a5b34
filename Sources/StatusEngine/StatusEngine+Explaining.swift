package import StatusCore
package import StatusModel

// Why an item is what it is. Asking that is no demand: it starts nothing and changes nothing.
extension StatusEngine {
    /// Explains one item to a role.
    ///
    /// - Parameters:
    ///   - item: The item.
    ///   - role: Who asks.
    ///   - standing: How the breaker before a link's hosts stands; must not block.
    /// - Returns: nil when there is no such project, or no such item of it.
    package func explain(
        _ item: ItemReference, role: Role,
        standing: @Sendable (Link) -> BreakerStanding = { _ in BreakerStanding() }
    ) -> ItemExplanation? {
        guard let project = projects[item.project], let record = project.snapshot.record(of: item.key) else {
            return nil
        }
        let now = time.now
        var circumstances = Circumstances(
            demand: demand(of: project, at: now.instant), isAnyoneWatching: board.isAnyoneWatching,
            isBeingRead: isPending(item), policy: configuration.refresh)
        if let link = project.definition.links[item.key] {
            circumstances.breaker = standing(link)
            circumstances.limitEndsAt = limits.failure(for: link, at: now)?.retryAfter
        }
        let view = project.snapshot.view(of: record, role: role, now: now)
        var told = Explanation(of: record, view: view, in: circumstances, at: now).told
        told.projectKeys = (project.snapshot.providerRecords + project.snapshot.services).map(\.key)
        return told
    }
}

package import StatusCore
package import StatusModel

/// How a project stands by its deployments: the rule of SPEC §2 and providers.md §3.1, as a value.
///
/// The newest finished production deployment decides, however old it is. Previews and other environments are shown
/// beside it, and decide nothing.
package struct VercelStanding: Hashable, Sendable {
    /// Environments shown; production and preview go first, the others follow by name.
    package static let environmentsMax = 8
    /// Deployments within it are counted.
    package static let week = Duration.seconds(7 * 86_400)

    /// Production, preview, then the others; those without a deployment are left out.
    package let environments: [VercelEnvironment]
    private let newestAt: UnixTime?
    private let countThisWeek: Int
    private let isCountCut: Bool

    /// - Parameters:
    ///   - project: What is linked.
    ///   - newest: The newest deployments of all environments.
    ///   - productions: The newest finished ones of production, if they were asked for.
    ///   - now: The end of the week that is counted.
    package init(
        project: VercelProject, newest: VercelDeploymentList, productions: VercelDeploymentList?, now: UnixTime
    ) {
        let all = Self.merged(newest.deployments, productions?.deployments ?? [], project.production)
        let weekBegan = now.advanced(by: .zero - Self.week)
        newestAt = all.first?.createdAt
        isCountCut = newest.isFull && newest.deployments.allSatisfy { $0.createdAt >= weekBegan }
        // Of a list that is cut, what other lists hold besides says nothing of the rest.
        countThisWeek = isCountCut ? newest.deployments.count : all.count { $0.createdAt >= weekBegan }
        environments = Self.environments(of: all, servingID: project.production?.id)
    }

    package var production: VercelEnvironment? { environments.first { $0.environment == .production } }

    /// The project's status; nil when no deployment has come to an end yet, so that nothing is decided (VC4).
    package var decided: ConnectionState? {
        if let finished = production?.finished { return finished.state == .ready ? .connected : .warning }
        return environments.isEmpty || environments.contains { $0.finished != nil } ? .warning : nil
    }

    package var summary: Summary {
        guard let newestAt else { return Summary([.text("No deployments yet")]) }
        let noun = countThisWeek == 1 ? "deployment" : "deployments"
        let activity: Summary.Part =
            countThisWeek == 0
            ? .ago(label: "Last deployment", newestAt)
            : .text("\(countThisWeek)\(isCountCut ? "+" : "") \(noun) this week")
        return Summary([activity] + outcome.map(Summary.Part.text))
    }

    /// An event each time a newer production deployment begins or ends. Both are dated by its creation: every deployment
    /// has that one, and in its order they stand.
    package var milestones: [Milestone] {
        guard let production else { return [] }
        let started = Milestone(
            kind: EventKind.deployStarted, at: production.newest.createdAt, message: Self.startedWords,
            subject: production.newest.id)
        let finished = production.finished.map {
            Milestone(
                kind: EventKind.deployFinished, at: $0.createdAt,
                message: $0.state == .ready ? Self.succeededWords : Self.failedWords, subject: $0.id)
        }
        return [started] + [finished].compactMap { $0 }
    }

    static let startedWords = "Production deployment started"
    static let succeededWords = "Production deployed"
    static let failedWords = "Production deployment failed"

    private var outcome: [String] {
        guard let production else {
            if environments.contains(where: { $0.serving != nil }) { return ["Preview only"] }
            return environments.contains { $0.finished != nil }
                ? ["Preview failing"] : environments.first.map { [$0.progress] } ?? []
        }
        guard let finished = production.finished else { return [production.progress] }
        var words = [finished.state == .ready ? "Live" : "Production failing"]
        if finished.state == .error, production.serving != nil { words.append("Earlier one live") }
        if production.isDeploying { words.append("Deploying") }
        return words
    }
}

extension VercelStanding {
    /// All of them once, newest first.
    private static func merged(
        _ newest: [VercelDeployment], _ productions: [VercelDeployment], _ serving: VercelDeployment?
    ) -> [VercelDeployment] {
        var known: Set<String> = []
        return (newest + productions + [serving].compactMap { $0 }).filter { known.insert($0.id).inserted }
            .sorted { $0.createdAt > $1.createdAt }
    }

    private static func environments(of deployments: [VercelDeployment], servingID: String?) -> [VercelEnvironment] {
        let groups = Dictionary(grouping: deployments, by: \.environment)
        let others = groups.keys.filter { $0 != .production && $0 != .preview }.sorted { $0.name < $1.name }
        return ([.production, .preview] + others).compactMap { environment in
            VercelEnvironment(environment, groups[environment] ?? [], servingID: servingID)
        }.prefix(environmentsMax).map { $0 }
    }
}

package import StatusCore
package import StatusModel

/// How one environment stands: the newest of its deployments that matter, and what they say.
package struct VercelEnvironment: Hashable, Sendable {
    package let environment: VercelDeployment.Environment
    /// The newest of all.
    package let newest: VercelDeployment
    /// The newest that came to an end, good or bad. What waits, is built, was cancelled or never promoted decides nothing.
    package let finished: VercelDeployment?
    /// What is served.
    package let serving: VercelDeployment?

    /// - Parameters:
    ///   - environment: Which one.
    ///   - deployments: Its own, newest first.
    ///   - servingID: The deployment that the project itself says is served, if it says so.
    package init?(
        _ environment: VercelDeployment.Environment, _ deployments: [VercelDeployment], servingID: String? = nil
    ) {
        guard let newest = deployments.first else { return nil }
        let hasServed = { (deployment: VercelDeployment) in
            deployment.hasServed(isProduction: environment == .production, servingID: servingID)
        }
        self.environment = environment
        self.newest = newest
        finished = deployments.first { hasServed($0) || $0.state == .error }
        serving =
            deployments.first { $0.id == servingID && $0.state == .ready } ?? deployments.first(where: hasServed)
    }

    /// Failing with nothing served is an error, failing while an earlier one is served a warning.
    package var status: ConnectionState {
        switch finished?.state {
        case .ready: .connected
        case .error: serving == nil ? .error : .warning
        default: .warning
        }
    }

    /// Whether a deployment is on its way that is newer than what decides.
    var isDeploying: Bool {
        switch newest.state {
        case .queued, .initializing, .building: true
        case .ready, .error, .canceled, .blocked, .deleted, .unknown: false
        }
    }

    /// What has become of the newest one, where none has come to an end.
    var progress: String {
        switch newest.state {
        case .queued, .initializing, .building: "Deploying"
        case .blocked: "Deployment blocked"
        case .canceled: "Deployment canceled"
        case .ready: "Not promoted yet"
        case .error, .deleted, .unknown: "Deployment in an unknown state"
        }
    }

    /// The environment as facts. Its time is that of the deployment its status speaks of, its address that of the one
    /// that is served.
    package var reading: EnvironmentReading {
        EnvironmentReading(
            name: environment.name, status: StatusTimeline(status), summary: Summary(parts),
            url: (serving ?? newest).url, lastDeployAt: (finished ?? newest).createdAt)
    }

    private var parts: [Summary.Part] {
        guard let finished else { return [.text(progress)] }
        let isProduction = environment == .production
        var parts: [Summary.Part] =
            finished.state == .ready
            ? [.text(isProduction ? "Live" : "Ready"), .ago(label: "Deployed", finished.createdAt)]
            : [.ago(label: "Failed", finished.createdAt)]
        if finished.state == .error, serving != nil {
            parts.append(.text(isProduction ? "Earlier one live" : "Earlier one ready"))
        }
        if isDeploying { parts.append(.text("Deploying")) }
        return parts
    }
}

extension VercelDeployment {
    /// Whether it is ready, and on production has been promoted at that: one that is merely staged was never served,
    /// unless the project says that it is now.
    fileprivate func hasServed(isProduction: Bool, servingID: String?) -> Bool {
        state == .ready && (!isProduction || substate == nil || substate == .promoted || id == servingID)
    }
}

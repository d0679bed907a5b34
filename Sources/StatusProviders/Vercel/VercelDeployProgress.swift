package import StatusCore
package import StatusModel

/// How far a deployment is that an action has ordered: a pure table from Vercel's answer to the next step.
///
/// Its milestones bear the deployment's name, its date and the words of ``VercelStanding``, so that whoever tells of it
/// first, this, a webhook or a read, tells of it alone. As there, a deployment to production has two, and a preview none.
package enum VercelDeployProgress {
    /// How long what is built may take to go live, before the action ends without having seen it.
    package static let goLiveMax = Duration.seconds(120)
    /// Between two looks at it: a tenth of its age, within these.
    package static let pauseMin = Duration.seconds(2)
    package static let pauseMax = Duration.seconds(10)

    /// - Parameters:
    ///   - answer: The deployment.
    ///   - isProduction: Whether it was ordered for production.
    ///   - secret: What must not be repeated.
    ///   - now: The wall clock.
    /// - Returns: The step.
    package static func step(
        _ answer: VercelDeploymentAnswer, isProduction: Bool, hiding secret: Secret? = nil, now: UnixTime
    ) -> ActionStep {
        let age = now.since(answer.createdAt ?? now)
        let milestones = { (end: String?) in isProduction ? Self.milestones(of: answer, end: end, now: now) : [] }
        let working = { (words: String) in
            ActionStep.working(
                handle: answer.id, OperationWords(words), milestones: milestones(nil), pause: pause(atAge: age))
        }
        switch answer.state {
        case .queued: return working("Queued")
        case .initializing, .building: return working("Building")
        case .unknown: return working("In a state that is not known here")
        case .ready where !isProduction: return done("Preview deployed", answer, [])
        case .ready where isLive(answer): return done("Live", answer, milestones(VercelStanding.succeededWords))
        case .ready:
            // How long it has been ready, as far as anybody knows.
            guard now.since(answer.readyAt ?? answer.createdAt ?? now) >= goLiveMax else {
                return working("Built, going live")
            }
            return done("Built, and not live: promote it on Vercel", answer, milestones(nil))
        case .error, .canceled, .blocked, .deleted:
            return .failed(failure(of: answer, hiding: secret), milestones: milestones(VercelStanding.failedWords))
        }
    }

    /// What a project without staged promotion serves has its addresses; elsewhere it has been promoted besides.
    private static func isLive(_ answer: VercelDeploymentAnswer) -> Bool {
        answer.substate == .promoted || (answer.substate == nil && answer.hasAliases)
    }

    package static func pause(atAge age: Duration) -> Duration { min(max(age / 10, pauseMin), pauseMax) }

    private static func milestones(of answer: VercelDeploymentAnswer, end: String?, now: UnixTime) -> [Milestone] {
        let at = answer.createdAt ?? now
        let started = Milestone(
            kind: EventKind.deployStarted, at: at, message: VercelStanding.startedWords, subject: answer.id)
        guard let end else { return [started] }
        return [started, Milestone(kind: EventKind.deployFinished, at: at, message: end, subject: answer.id)]
    }

    private static func done(_ words: String, _ answer: VercelDeploymentAnswer, _ milestones: [Milestone]) -> ActionStep
    {
        let result: JSONValue = .object([
            "id": .string(answer.id), "url": .string(answer.url), "readyState": .string(answer.state.rawValue),
        ])
        return .done(ActionResult(OperationWords(words), json: result.bytes ?? [], milestones: milestones))
    }

    private static func failure(of answer: VercelDeploymentAnswer, hiding secret: Secret?) -> ActionFailure {
        let (reason, words): (String, String) =
            switch answer.state {
            case .canceled: ("DEPLOYMENT_CANCELED", "The deployment was canceled on Vercel")
            case .blocked:
                ("DEPLOYMENT_BLOCKED", "Vercel blocks the deployment until somebody of the team lets it through")
            case .deleted: ("DEPLOYMENT_DELETED", "The deployment was deleted on Vercel")
            default: ("DEPLOYMENT_FAILED", "The deployment failed")
            }
        let code = VercelDeploymentAnswer.isID(answer.errorCode) ? " (\(answer.errorCode))" : ""
        let told = ProviderMessage.sentence(answer.errorMessage, hiding: secret).map { " \($0)" } ?? ""
        let advice = " See the deployment's log on Vercel."
        return ActionFailure(
            answer.state == .error ? .aborted : .failedPrecondition, reason: reason,
            OperationWords("\(words)\(code).\(told)\(advice)", generic: "\(words)\(code).\(advice)"))
    }
}

package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

extension IntegrationStatus: WireMessage {
    package init(message: Telltale__V1__IntegrationStatus) throws(WireError) {
        self.init(key: try decodeItem(message.key, "key"))
        label = try decodeText(message.label, "label")
        configured = message.configured != 0
        configuredReason = ConfiguredReason(wire: message.configured_reason)
        visible = message.visible != 0
        status = ConnectionState(wire: message.status) ?? .unrecognised
        summary = try decodeText(message.summary, "summary")
        updatedAt = try decodeMessage(message.updated_at, "updated_at")
        stale = message.stale != 0
        freshness = Freshness(wire: message.freshness) ?? .unrecognised
        problem = try decodeMessage(message.problem, "problem")
        actions = try decodeMessages(message.actions, count: message.n_actions, "actions")
        environments = try decodeMessages(message.environments, count: message.n_environments, "environments")
        samples = Int(message.samples)
        latency = try decodeMessage(message.latency, "latency")
        lastRunAt = try decodeMessage(message.last_run_at, "last_run_at")
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__IntegrationStatus> {
        let message = arena.make(telltale__v1__integration_status__init)
        message.pointee.key = arena.text(key.description)
        message.pointee.label = arena.text(label)
        message.pointee.configured = configured ? 1 : 0
        if let configuredReason { message.pointee.configured_reason = configuredReason.wire }
        message.pointee.visible = visible ? 1 : 0
        message.pointee.status = status.wire
        message.pointee.summary = arena.text(summary)
        message.pointee.updated_at = updatedAt?.message(in: arena)
        message.pointee.stale = stale ? 1 : 0
        message.pointee.freshness = freshness.wire
        message.pointee.problem = problem?.message(in: arena)
        message.pointee.n_actions = actions.count
        message.pointee.actions = arena.list(actions) { $0.message(in: arena) }
        message.pointee.n_environments = environments.count
        message.pointee.environments = arena.list(environments) { $0.message(in: arena) }
        message.pointee.samples = UInt32(clamping: samples)
        message.pointee.latency = latency?.message(in: arena)
        message.pointee.last_run_at = lastRunAt?.message(in: arena)
        return message
    }
}

extension Problem: WireMessage {
    package init(message: Telltale__V1__Problem) throws(WireError) {
        self.init(
            code: ProblemCode(wire: message.code) ?? .unrecognised,
            cause: ProblemCause(wire: message.cause) ?? .unrecognised,
            hint: try decodeText(message.hint, "hint"),
            retryAfter: try decodeMessage(message.retry_after, "retry_after"),
            firstSeenAt: try decodeMessage(message.first_seen_at, "first_seen_at"),
            attempts: Int(message.attempts),
            nextAttemptAt: try decodeMessage(message.next_attempt_at, "next_attempt_at"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__Problem> {
        let message = arena.make(telltale__v1__problem__init)
        message.pointee.code = code.wire
        message.pointee.cause = cause.wire
        message.pointee.hint = arena.text(hint)
        message.pointee.retry_after = retryAfter?.message(in: arena)
        message.pointee.first_seen_at = firstSeenAt?.message(in: arena)
        message.pointee.attempts = UInt32(clamping: attempts)
        message.pointee.next_attempt_at = nextAttemptAt?.message(in: arena)
        return message
    }
}

extension ActionOffer: WireMessage {
    package init(message: Telltale__V1__ActionOffer) throws(WireError) {
        self.init(
            action: try decodeText(message.action, "action"), label: try decodeText(message.label, "label"),
            can: message.can != 0, reason: try decodeText(message.reason, "reason"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ActionOffer> {
        let message = arena.make(telltale__v1__action_offer__init)
        message.pointee.action = arena.text(action)
        message.pointee.label = arena.text(label)
        message.pointee.can = can ? 1 : 0
        message.pointee.reason = arena.text(reason)
        return message
    }
}

extension EnvironmentStatus: WireMessage {
    package init(message: Telltale__V1__EnvironmentStatus) throws(WireError) {
        self.init(
            name: try decodeText(message.name, "name"),
            status: ConnectionState(wire: message.status) ?? .unrecognised,
            summary: try decodeText(message.summary, "summary"), url: try decodeText(message.url, "url"),
            lastDeployAt: try decodeMessage(message.last_deploy_at, "last_deploy_at"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__EnvironmentStatus> {
        let message = arena.make(telltale__v1__environment_status__init)
        message.pointee.name = arena.text(name)
        message.pointee.status = status.wire
        message.pointee.summary = arena.text(summary)
        message.pointee.url = arena.text(url)
        message.pointee.last_deploy_at = lastDeployAt?.message(in: arena)
        return message
    }
}

extension LatencySummary: WireMessage {
    package init(message: Telltale__V1__LatencySummary) throws(WireError) {
        self.init(
            mean: try decodeMessage(message.mean, "mean") ?? .zero, p95: try decodeMessage(message.p95, "p95") ?? .zero)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__LatencySummary> {
        let message = arena.make(telltale__v1__latency_summary__init)
        message.pointee.mean = mean.message(in: arena)
        message.pointee.p95 = p95.message(in: arena)
        return message
    }
}

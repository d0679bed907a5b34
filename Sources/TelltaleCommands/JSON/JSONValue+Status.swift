package import StatusModel

// The names are those of the protocol's fields, and every name is always there: what is absent is null.
extension JSONValue {
    package static func answer(_ answer: StatusAnswer) -> Self {
        .object([
            "envelope": answer.envelope.map(envelope) ?? .null,
            "hash": .text(answer.hash),
            "answer": .object([
                "source": .text(answer.source.rawValue),
                "age": .duration(answer.age),
                "next_attempt_at": .time(answer.nextAttemptAt),
                "refreshing": .bool(answer.isRefreshing),
                "freshness": .text(answer.freshness.rawValue),
                "error": answer.error.map(error) ?? .null,
                "resumed": .bool(answer.isResumed),
            ]),
        ])
    }

    package static func explanation(_ explanation: ItemExplanation) -> Self {
        .object([
            "status": .item(explanation.status),
            "age": .duration(explanation.age),
            "last_error": explanation.lastError.map(error) ?? .null,
            "breaker": explanation.breaker.map { .text($0.rawValue) } ?? .null,
            "breaker_open_until": .time(explanation.breakerOpenUntil),
            "next_attempt_at": .time(explanation.nextAttemptAt),
            "throttled_until": .time(explanation.throttledUntil),
            "demand": explanation.demand.map { .text($0.rawValue) } ?? .null,
            "trace_id": .text(explanation.traceID),
            "reasons": .list(explanation.reasons) { .text($0) },
            "keys": .list(explanation.projectKeys) { .text($0.description) },
        ])
    }

    package static func envelope(_ envelope: StatusEnvelope) -> Self {
        .object([
            "project_id": .text(envelope.projectID.rawValue),
            "items": .list(envelope.items, item),
            "services": .list(envelope.services, item),
            "overall": .text(envelope.overall.rawValue),
            "hash": .text(envelope.hash),
            "render_hash": .text(envelope.renderHash),
            "cached_at": .time(envelope.cachedAt),
            "is_stale": .bool(envelope.isStale),
            "next_actions": .list(envelope.nextActions, nextAction),
            "last_refresh_attempt": envelope.lastRefreshAttempt.map(attempt) ?? .null,
            "last_refresh_error": envelope.lastRefreshError.map(error) ?? .null,
            "last_runs": .list(envelope.lastRuns, run),
            "revision": .unsigned(envelope.revision),
        ])
    }

    package static func item(_ item: IntegrationStatus) -> Self {
        .object([
            "key": .text(item.key.description),
            "label": .text(item.label),
            "configured": .bool(item.configured),
            "configured_reason": item.configuredReason.map { .text($0.rawValue) } ?? .null,
            "visible": .bool(item.visible),
            "status": .text(item.status.rawValue),
            "summary": .text(item.summary),
            "updated_at": .time(item.updatedAt),
            "stale": .bool(item.stale),
            "freshness": .text(item.freshness.rawValue),
            "problem": item.problem.map(problem) ?? .null,
            "actions": .list(item.actions, action),
            "environments": .list(item.environments, environment),
            "samples": .count(item.samples),
            "latency": item.latency.map(latency) ?? .null,
            "last_run_at": .time(item.lastRunAt),
        ])
    }

    private static func problem(_ problem: Problem) -> Self {
        .object([
            "code": .text(problem.code.rawValue),
            "cause": .text(problem.cause.rawValue),
            "hint": .text(problem.hint),
            "retry_after": .time(problem.retryAfter),
            "first_seen_at": .time(problem.firstSeenAt),
            "attempts": .count(problem.attempts),
            "next_attempt_at": .time(problem.nextAttemptAt),
        ])
    }

    private static func action(_ action: ActionOffer) -> Self {
        .object([
            "action": .text(action.action), "label": .text(action.label), "can": .bool(action.can),
            "reason": .text(action.reason),
        ])
    }

    private static func environment(_ environment: EnvironmentStatus) -> Self {
        .object([
            "name": .text(environment.name),
            "status": .text(environment.status.rawValue),
            "summary": .text(environment.summary),
            "url": .text(environment.url),
            "last_deploy_at": .time(environment.lastDeployAt),
        ])
    }

    private static func latency(_ latency: LatencySummary) -> Self {
        .object(["mean": .duration(latency.mean), "p95": .duration(latency.p95)])
    }

    private static func nextAction(_ next: NextAction) -> Self {
        .object(["key": .text(next.key.description), "action": .text(next.action), "reason": .text(next.reason)])
    }

    private static func attempt(_ attempt: RefreshAttempt) -> Self {
        .object([
            "at": .time(attempt.at), "outcome": .text(attempt.outcome.rawValue),
            "duration": .duration(attempt.duration),
        ])
    }

    private static func error(_ error: RefreshError) -> Self {
        .object(["code": .text(error.code.rawValue), "message": .text(error.message), "at": .time(error.at)])
    }

    private static func run(_ run: RunRecord) -> Self {
        .object(["kind": .text(run.kind), "at": .time(run.at), "passed": .bool(run.passed)])
    }
}

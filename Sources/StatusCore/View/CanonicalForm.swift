package import StatusModel

/// The bytes over which the digests of a view are made: the same facts give the same bytes on every host and after
/// every restart (SPEC §2).
///
/// `hash` covers what the view says. Left out is what changes without news: when we read and how old that is, `stale`
/// and `freshness`, retry counters and times, how the newest refresh went, and latency figures, which tremble with
/// every sample. Instants that a provider or a run reported are facts and stay in, the words made of them are not.
/// `render_hash` covers all that is shown, those words and times included. `revision` is in neither: it counts the
/// journal of one host, and also grows with changes that a role cannot see.
package enum CanonicalForm {
    /// What one item says, without what is transient.
    package static func content(of item: ItemView) -> [UInt8] {
        var writer = CanonicalWriter()
        write(item, to: &writer)
        return writer.bytes
    }

    /// What the view says, without what is transient: the bytes of `hash`.
    package static func content(of envelope: StatusEnvelope, items: [ItemView], services: [ItemView]) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.dictionary { writer in
            writer.field("items", items) { write($1, to: &$0) }
            writer.field("last_runs", envelope.lastRuns, write)
            writer.field("next_actions", envelope.nextActions, write)
            writer.field("overall", envelope.overall.rawValue)
            writer.field("project_id", envelope.projectID.rawValue)
            writer.field("services", services) { write($1, to: &$0) }
        }
        return writer.bytes
    }

    /// All that the view shows: the bytes of `render_hash`.
    package static func rendering(of envelope: StatusEnvelope) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.dictionary { writer in
            writer.field("cached_at", envelope.cachedAt)
            writer.field("is_stale", envelope.isStale)
            writer.field("items", envelope.items, writeShown)
            if let attempt = envelope.lastRefreshAttempt {
                writer.field("last_refresh_at", attempt.at)
                writer.field("last_refresh_duration", attempt.duration)
            }
            if let error = envelope.lastRefreshError {
                writer.field("last_refresh_error", [error.code.rawValue, error.message]) { $0.text($1) }
                writer.field("last_refresh_error_at", error.at)
            }
            writer.field("last_refresh_outcome", envelope.lastRefreshAttempt?.outcome.rawValue)
            writer.field("last_runs", envelope.lastRuns, write)
            writer.field("next_actions", envelope.nextActions, write)
            writer.field("overall", envelope.overall.rawValue)
            writer.field("project_id", envelope.projectID.rawValue)
            writer.field("services", envelope.services, writeShown)
        }
        return writer.bytes
    }
}

extension CanonicalForm {
    private static func write(_ item: ItemView, to writer: inout CanonicalWriter) {
        let status = item.status
        writer.dictionary { writer in
            writer.field("actions", status.actions, write)
            writer.field("configured", status.configured)
            writer.field("configured_reason", status.configuredReason?.rawValue)
            writer.field("environments", Array(zip(status.environments, item.environments))) { writer, pair in
                write(pair.0, summary: pair.1, to: &writer)
            }
            writer.field("key", status.key.description)
            writer.field("label", status.label)
            writer.field("last_run_at", status.lastRunAt)
            if let problem = status.problem {
                writer.field("problem", [problem.code.rawValue, problem.cause.rawValue, problem.hint]) { $0.text($1) }
            }
            writer.field("status", status.status.rawValue)
            writer.field("summary", item.summary.lasting, write)
            writer.field("visible", status.visible)
        }
    }

    private static func write(
        _ environment: EnvironmentStatus, summary: SummaryFacts, to writer: inout CanonicalWriter
    ) {
        writer.dictionary { writer in
            writer.field("last_deploy_at", environment.lastDeployAt)
            writer.field("name", environment.name)
            writer.field("status", environment.status.rawValue)
            writer.field("summary", summary.lasting, write)
            writer.field("url", environment.url)
        }
    }

    private static func write(_ writer: inout CanonicalWriter, _ fact: SummaryFacts.Fact) {
        switch fact {
        case .text(let text), .measured(let text): writer.text(text)
        case .ago(let label, let instant):
            writer.dictionary { writer in
                writer.field("at", instant)
                writer.field("label", label)
            }
        }
    }

    private static func write(_ writer: inout CanonicalWriter, _ offer: ActionOffer) {
        writer.dictionary { writer in
            writer.field("action", offer.action)
            writer.field("can", offer.can)
            writer.field("label", offer.label)
            writer.field("reason", offer.reason)
        }
    }

    private static func write(_ writer: inout CanonicalWriter, _ run: RunRecord) {
        writer.dictionary { writer in
            writer.field("at", run.at)
            writer.field("kind", run.kind)
            writer.field("passed", run.passed)
        }
    }

    private static func write(_ writer: inout CanonicalWriter, _ next: NextAction) {
        writer.dictionary { writer in
            writer.field("action", next.action)
            writer.field("key", next.key.description)
            writer.field("reason", next.reason)
        }
    }
}

extension CanonicalForm {
    private static func writeShown(_ writer: inout CanonicalWriter, _ status: IntegrationStatus) {
        writer.dictionary { writer in
            writer.field("actions", status.actions, write)
            writer.field("configured", status.configured)
            writer.field("configured_reason", status.configuredReason?.rawValue)
            writer.field("environments", status.environments, writeShown)
            writer.field("freshness", status.freshness.rawValue)
            writer.field("key", status.key.description)
            writer.field("label", status.label)
            writer.field("last_run_at", status.lastRunAt)
            writer.field("latency_mean", status.latency?.mean)
            writer.field("latency_p95", status.latency?.p95)
            writer.field("problem", status.problem.map { [$0] } ?? [], writeShown)
            writer.field("samples", Int64(status.samples))
            writer.field("stale", status.stale)
            writer.field("status", status.status.rawValue)
            writer.field("summary", status.summary)
            writer.field("updated_at", status.updatedAt)
            writer.field("visible", status.visible)
        }
    }

    private static func writeShown(_ writer: inout CanonicalWriter, _ environment: EnvironmentStatus) {
        writer.dictionary { writer in
            writer.field("last_deploy_at", environment.lastDeployAt)
            writer.field("name", environment.name)
            writer.field("status", environment.status.rawValue)
            writer.field("summary", environment.summary)
            writer.field("url", environment.url)
        }
    }

    private static func writeShown(_ writer: inout CanonicalWriter, _ problem: Problem) {
        writer.dictionary { writer in
            writer.field("attempts", Int64(problem.attempts))
            writer.field("cause", problem.cause.rawValue)
            writer.field("code", problem.code.rawValue)
            writer.field("first_seen_at", problem.firstSeenAt)
            writer.field("hint", problem.hint)
            writer.field("next_attempt_at", problem.nextAttemptAt)
            writer.field("retry_after", problem.retryAfter)
        }
    }
}

import StatusModel
import StatusWire
import TestSupport

/// Random domain values, within what the wire can carry.
extension SeededGenerator {
    mutating func text(lengthMax: Int = 40) -> String {
        let alphabet = ["a", "Z", "0", " ", "·", "ü", "\n", "\u{7F}", "漢", "🚦", "\"", "\\"]
        return (0..<Int.random(in: 0...lengthMax, using: &self)).map { _ in pick(alphabet) }.joined()
    }

    mutating func project() -> ProjectID {
        let name =
            "p"
            + (0..<Int.random(in: 0...127, using: &self)).map { _ in pick(["a", "B", "7", ".", "/", "@", "-"]) }
            .joined()
        return require(ProjectID(name))
    }

    mutating func item() -> ItemKey {
        chance() ? .provider(pick(ProviderKey.allCases)) : require(ItemKey("service:worker-\(next() % 1000)"))
    }

    mutating func time() -> UnixTime {
        pick([
            UnixTime(nanoseconds: Int64(bitPattern: next())), UnixTime(nanoseconds: .min),
            UnixTime(nanoseconds: .max), UnixTime(nanoseconds: -1), UnixTime(seconds: Int64(next() >> 33)),
        ])
    }

    mutating func duration() -> Duration {
        pick([
            .zero, .nanoseconds(Int64(bitPattern: next())), .milliseconds(Int64(next() % 5000)),
            .seconds(315_576_000_000), .seconds(-315_576_000_000) - .nanoseconds(999_999_999),
        ])
    }

    mutating func wait() -> Duration { .nanoseconds(Int64(next() >> 2)) }

    mutating func eventID() -> EventID { EventID(epoch: next(), sequence: chance() ? next() : 0) }

    mutating func delivery() -> WebhookDelivery {
        WebhookDelivery(
            provider: pick(ProviderKey.allCases), headers: some { WebhookHeader("x" + $0.text(), $0.text()) },
            body: (0..<Int(next() % 64)).map { _ in UInt8(truncatingIfNeeded: next()) },
            projectID: maybe { $0.project() })
    }

    mutating func problem() -> Problem {
        Problem(
            code: pick(ProblemCode.allCases), cause: pick(ProblemCause.allCases), hint: text(),
            retryAfter: maybe { $0.time() }, firstSeenAt: maybe { $0.time() }, attempts: Int(next() >> 32),
            nextAttemptAt: maybe { $0.time() })
    }

    mutating func environment() -> EnvironmentStatus {
        EnvironmentStatus(
            name: text(), status: pick(ConnectionState.allCases), summary: text(), url: text(),
            lastDeployAt: maybe { $0.time() })
    }

    mutating func action() -> ActionOffer {
        ActionOffer(action: text(), label: text(), can: chance(), reason: text())
    }

    mutating func status(key: ItemKey) -> IntegrationStatus {
        var status = IntegrationStatus(key: key)
        status.label = text()
        status.configured = chance()
        status.configuredReason = maybe { $0.pick(ConfiguredReason.allCases) }
        status.visible = chance()
        status.status = pick(ConnectionState.allCases)
        status.summary = text()
        status.updatedAt = maybe { $0.time() }
        status.stale = chance()
        status.freshness = pick(Freshness.allCases)
        status.problem = maybe { $0.problem() }
        status.actions = some { $0.action() }
        status.environments = some { $0.environment() }
        status.samples = Int(next() >> 32)
        status.latency = maybe { LatencySummary(mean: $0.duration(), p95: $0.duration()) }
        status.lastRunAt = maybe { $0.time() }
        return status
    }

    mutating func envelope() -> StatusEnvelope {
        var envelope = StatusEnvelope(projectID: project())
        envelope.items = ProviderKey.allCases.map { status(key: .provider($0)) }
        envelope.services = some { $0.status(key: $0.item()) }
        envelope.overall = pick(ConnectionState.allCases)
        envelope.hash = text(lengthMax: 200)
        envelope.renderHash = text()
        envelope.cachedAt = maybe { $0.time() }
        envelope.isStale = chance()
        envelope.nextActions = some { NextAction(key: $0.item(), action: $0.text(), reason: $0.text()) }
        envelope.lastRefreshAttempt = maybe {
            RefreshAttempt(at: $0.time(), outcome: $0.pick(RefreshAttempt.Outcome.allCases), duration: $0.duration())
        }
        envelope.lastRefreshError = maybe { $0.refreshError() }
        envelope.lastRuns = some { RunRecord(kind: $0.text(), at: $0.time(), passed: $0.chance()) }
        envelope.revision = next()
        return envelope
    }

    mutating func origin() -> AnswerOrigin {
        AnswerOrigin(
            source: pick(AnswerSource.allCases), age: maybe { $0.duration() }, nextAttemptAt: maybe { $0.time() },
            isRefreshing: chance(), freshness: pick(Freshness.allCases),
            error: maybe { $0.refreshError() }, isResumed: chance())
    }

    mutating func refreshError() -> RefreshError {
        RefreshError(code: pick(ProblemCode.allCases), message: text(), at: time())
    }

    mutating func answer() -> StatusAnswer {
        let envelope = maybe { $0.envelope() }
        let origin = origin()
        return StatusAnswer(
            envelope: envelope, notModified: envelope == nil, hash: text(), source: origin.source, age: origin.age,
            nextAttemptAt: origin.nextAttemptAt, isRefreshing: origin.isRefreshing, freshness: origin.freshness,
            error: origin.error, isResumed: origin.isResumed)
    }

    mutating func statusRequest() -> GetStatusRequest {
        GetStatusRequest(
            projectID: project(), ifNoneMatch: text(),
            contract: ReadersContract(
                maxAge: maybe { $0.wait() }, maxWait: maybe { $0.wait() }, maxStale: maybe { $0.wait() }),
            mode: pick(ReadingMode.allCases), timeout: maybe { $0.wait() })
    }

    mutating func watchRequest() -> WatchRequest {
        WatchRequest(
            projectIDs: some { $0.project() }, resumeAfter: maybe { $0.eventID() },
            kinds: some { String($0.text().unicodeScalars.prefix(16)) },
            heartbeatInterval: maybe { $0.wait() })
    }

    mutating func event() -> StatusEvent {
        StatusEvent(
            id: eventID(), at: time(), projectID: project(), kind: text(), items: some { $0.status(key: $0.item()) },
            overall: pick(ConnectionState.allCases), hash: text(), revision: next(), message: text(),
            collapsed: next(), operation: maybe { $0.operation() })
    }

    mutating func watchMessage() -> WatchMessage {
        switch next() % 5 {
        case 0: .snapshot(envelope(), asOf: eventID())
        case 1: .event(event())
        case 2: .heartbeat(eventID(), at: time())
        case 3:
            .reset(
                WatchReset(
                    reason: pick(WatchReset.Reason.allCases), lostFrom: next(), lostTo: next(), resumeFrom: eventID(),
                    lostCount: next(), lostItems: some { ItemName(projectID: $0.project(), key: $0.item()) },
                    hasMoreItems: chance()))
        default:
            .goingAway(
                resumeFrom: eventID(), retryAfter: duration(), because: pick(WatchEndReason.allCases))
        }
    }

    mutating func errorStatus() -> ErrorStatus {
        var status = ErrorStatus(code: Int32(truncatingIfNeeded: next()), message: text())
        if chance() {
            status.reason = "REASON_\(next() % 100)"
            status.metadata = Dictionary(some { ($0.text(), $0.text()) }) { first, _ in first }
        }
        status.retryAfter = maybe { $0.duration() }
        status.violations = some { ErrorStatus.FieldViolation(field: $0.text(), description: $0.text()) }
        return status
    }

    mutating func runResult() -> RunResult {
        RunResult(
            name: "check " + text(), key: maybe { $0.item() }, passed: chance(),
            latency: maybe { $0.pick([.zero, RunResult.latencyMax, .nanoseconds(Int64($0.next() >> 20))]) },
            message: text())
    }

    mutating func runReport() -> RunReport {
        RunReport(
            projectID: project(), kind: pick(RunKind.allCases), results: some { $0.runResult() },
            endedAt: maybe { $0.time() },
            runID: pick(["", "ci-\(next())", String(repeating: "~", count: RunReport.idBytesMax)]))
    }

    mutating func projectPage() -> ProjectPage {
        ProjectPage(
            projects: some {
                ProjectOverview(
                    projectID: $0.project(), overall: $0.pick(ConnectionState.allCases), hash: $0.text(),
                    updatedAt: $0.maybe { $0.time() },
                    counts: StateCounts(
                        connected: Int($0.next() >> 32), warning: Int($0.next() % 9), error: Int($0.next() % 9),
                        disconnected: Int($0.next() % 9)),
                    isStale: $0.chance())
            }, nextPageToken: text())
    }

    mutating func serverInfo() -> ServerInfo {
        ServerInfo(
            version: text(), startedAt: maybe { $0.time() }, uptime: duration(), socketPath: text(),
            protocolVersion: Int(next() % 9), projects: Int(next() >> 32),
            refusedConnections: some { RefusedConnections(reason: $0.text(), count: $0.next()) })
    }

    mutating func cacheStats() -> CacheStats {
        CacheStats(
            size: Int(next() >> 1), active: Int(next() >> 1), expired: Int(next() >> 1), hits: next(), misses: next(),
            staleHits: next(), collapsed: next(),
            store: StoreStats(
                path: text(), bytes: next(), isPersisting: chance(), trouble: text(), pending: Int(next() >> 1),
                lastSavedAt: maybe { $0.time() }))
    }

    mutating func explanation() -> ItemExplanation {
        ItemExplanation(
            status: status(key: item()), age: maybe { $0.duration() }, lastError: maybe { $0.refreshError() },
            breaker: maybe { $0.pick(BreakerState.allCases) }, breakerOpenUntil: maybe { $0.time() },
            nextAttemptAt: maybe { $0.time() }, throttledUntil: maybe { $0.time() },
            demand: maybe { $0.pick(Demand.allCases) }, traceID: text(), reasons: some { $0.text() },
            projectKeys: some { $0.item() })
    }

    mutating func healthList() -> HealthList {
        HealthList(
            statuses: Dictionary(some { ($0.text(), $0.pick(ServingStatus.allCases)) }) { first, _ in first })
    }
}

extension SeededGenerator {
    mutating func chance() -> Bool { next() & 1 == 0 }

    mutating func pick<Values: RandomAccessCollection>(_ values: Values) -> Values.Element {
        values[values.index(values.startIndex, offsetBy: Int(next() % UInt64(values.count)))]
    }

    mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? {
        chance() ? value(&self) : nil
    }

    mutating func some<Value>(_ value: (inout Self) -> Value) -> [Value] {
        (0..<Int(next() % 4)).map { _ in value(&self) }
    }

    private func require<Value>(_ value: Value?) -> Value {
        guard let value else { preconditionFailure("the generator made a name that the model refuses") }
        return value
    }
}

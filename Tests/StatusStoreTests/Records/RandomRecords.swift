import Resilience
import StatusCore
import StatusModel
import TestSupport

/// One random record of each table.
extension SeededGenerator {
    mutating func storedProject() -> StoredProject {
        var project = StoredProject(
            id: project(),
            lastRefreshAttempt: maybe {
                RefreshAttempt(
                    at: $0.time(), outcome: $0.pick(RefreshAttempt.Outcome.allCases), duration: $0.duration())
            },
            lastRefreshError: maybe {
                RefreshError(code: $0.pick(ProblemCode.allCases), message: $0.text(), at: $0.time())
            },
            refreshID: maybe { $0.refreshID() },
            revisions: Dictionary(
                some { ($0.pick(Role.allCases), $0.pick([0, .max, $0.next()])) }, uniquingKeysWith: max),
            askedAt: maybe { $0.past() }, announcedAt: maybe { $0.past() },
            hidden: maybe { generator in
                Dictionary(
                    generator.some { ($0.itemKey(), Set($0.some { $0.pick(Role.allCases) })) },
                    uniquingKeysWith: { first, _ in first })
            })
        project.isRemoved = chance()
        return project
    }

    mutating func storedLink() -> StoredLink { StoredLink(project: project(), link: link()) }

    mutating func link() -> Link {
        Link(
            target: target(), credential: maybe { $0.credential() },
            namedCredentials: Dictionary(
                some { ($0.text(), $0.credential()) }, uniquingKeysWith: { first, _ in first }),
            isEnabled: chance())
    }

    private mutating func target() -> Link.Target {
        switch next() % 5 {
        case 0: .github(GitHubTarget(owner: text(), repository: text(), baseURL: text()))
        case 1: .vercel(VercelTarget(project: text(), teamID: maybe { $0.text() }, baseURL: text()))
        case 2: .sanity(SanityTarget(projectID: text(), dataset: text(), managementURL: text(), dataURL: text()))
        case 3:
            .supabase(
                SupabaseTarget(
                    reference: text(), managementURL: text(), projectURL: text(),
                    probe: pick([.authHealth, .table(name: text(), column: text()), .function(name: text())]),
                    services: some { $0.text() }, latencyLimit: duration()))
        default: .service(service())
        }
    }

    private mutating func service() -> ServiceTarget {
        ServiceTarget(
            name: "worker-\(next() % 1000)", url: text(), method: text(), headers: texts(),
            expectedStatus: some { generator in
                let (one, other) = (generator.number(), generator.number())
                return min(one, other)...max(one, other)
            },
            expectedHeaders: texts(),
            bodyChecks: some { generator in
                ServiceTarget.BodyCheck(pointer: generator.text(), expected: generator.maybe { $0.text() })
            },
            latencyLimit: duration(), timeout: duration(), warmUpTimeout: duration(), warmUpURL: maybe { $0.text() },
            isLocalAllowed: chance())
    }

    mutating func storedItem() -> StoredItem {
        var record = ItemRecord(key: itemKey(), link: .linked)
        record.reading = maybe { $0.reading(of: $0.chance() ? record.key : $0.itemKey()) }
        record.failure = maybe { $0.failure() }
        record.blockedUntil = maybe { $0.planned() }
        record.isSuspended = chance()
        record.nextAttemptAt = maybe { $0.planned() }
        record.dueAt = maybe { $0.planned() }
        record.attemptStartedAt = maybe { $0.past() }
        record.isToBeToldAnew = chance()
        record.refreshID = maybe { $0.refreshID() }
        record.lastRunAt = maybe { $0.time() }
        record.runLatencies = some(max: 32) { $0.duration() }
        if chance() { record.toldIn = EventID(epoch: next(), sequence: pick([1, .max])) }
        return StoredItem(
            project: project(), record: record,
            refusedWith: Dictionary(
                some { generator in
                    (generator.credential(), generator.maybe { CredentialVersion($0.text()) })
                }, uniquingKeysWith: { first, _ in first }))
    }

    mutating func reading(of key: ItemKey) -> Reading {
        var reading = Reading(key: key, observedAt: past(), status: timeline(), summary: summary())
        reading.label = maybe { ResourceLabel(full: $0.text(), generic: $0.text()) }
        reading.problem = maybe {
            ReadingProblem(
                code: $0.pick(ProblemCode.allCases), cause: $0.pick(ProblemCause.allCases), hint: $0.text())
        }
        reading.environments = some { generator in
            EnvironmentReading(
                name: generator.text(), status: generator.timeline(), summary: generator.summary(),
                url: generator.text(), lastDeployAt: generator.maybe { $0.time() })
        }
        reading.latencies = some(max: 32) { $0.duration() }
        reading.milestones = some {
            Milestone(
                kind: $0.text(), at: $0.time(), message: $0.text(), subject: $0.text(), isTold: $0.chance())
        }
        reading.isPartial = chance()
        reading.notBefore = maybe { $0.time() }
        reading.budget = maybe { RateBudget(limit: $0.number(), remaining: $0.number(), resetsAt: $0.time()) }
        reading.memo = texts()
        return reading
    }

    mutating func failure() -> FailureRecord {
        var failure = ProviderFailure(
            code: pick(ProblemCode.allCases), cause: pick(ProblemCause.allCases), hint: text(),
            disposition: pick([.keepsLast, .replaces]), retryAfter: maybe { $0.time() },
            heldUntil: maybe { $0.time() }, isRetryable: chance())
        failure.isOwnLimit = chance()
        return FailureRecord(failure: failure, firstSeenAt: past(), lastSeenAt: past(), attempts: count())
    }

    mutating func storedBreaker() -> StoredBreaker {
        StoredBreaker(
            upstream: text(), place: text(),
            record: maybe { generator in
                CircuitBreaker.Record(
                    openingCount: generator.count(),
                    opening: generator.maybe {
                        .init(until: $0.planned().instant, reason: $0.pick([.failures, .slow]))
                    },
                    closedAt: generator.maybe { $0.past().instant })
            })
    }

    mutating func storedLimit() -> StoredLimit {
        StoredLimit(scope: LimitScope(origin: text(), credential: maybe { $0.credential() }), until: planned())
    }

    mutating func storedBudget() -> StoredBudget {
        StoredBudget(
            upstream: text(),
            record: RetryBudget.Record(
                slices: some {
                    .init(start: $0.past().instant, firstTryCount: $0.count(), retryCount: $0.count())
                }))
    }

    mutating func storedRun() -> StoredRun {
        StoredRun(
            project: project(), id: text(), run: RunRecord(kind: text(), at: time(), passed: chance()),
            keys: some { $0.itemKey() }, event: maybe { $0.eventID() })
    }

    mutating func storedDelivery() -> StoredDelivery {
        StoredDelivery(
            project: project(), provider: pick(ProviderKey.allCases), id: text(), at: past(),
            events: some { $0.eventID() })
    }

    mutating func storedEvent() -> StoredEvent {
        StoredEvent(
            id: eventID(), at: past(), project: project(), kind: text(),
            encoded: Role.allCases.map { _ in maybe { $0.bytes() } })
    }

    mutating func bytes() -> [UInt8] { some(max: 40) { UInt8(truncatingIfNeeded: $0.next()) } }
}

import StatusCore
import StatusModel
import Testing

@Suite("A project's transitions")
struct TransitionsTests {
    private let start = Samples.start
    private let github = Samples.github

    @Test("a success clears the failure and sets the next attempt")
    func success() throws {
        let snapshot = Samples.project()
            .applied(failure: Samples.failure(), for: github, at: start)
            .applied(
                reading: Samples.reading(at: start.after(5)), for: github, at: start.after(5),
                nextAttemptAt: start.after(20))
        let record = try #require(snapshot.record(of: github))
        #expect(record.failure == nil && record.reading?.observedAt == start.after(5))
        #expect(record.dueAt == start.after(20) && record.nextAttemptAt == start.after(20))
    }

    @Test("a failure leaves the last good reading beside it, and the item due since it was due first")
    func failureKeepsReading() throws {
        let snapshot = Samples.project()
            .applied(reading: Samples.reading(), for: github, at: start, nextAttemptAt: start.after(15))
            .applied(failure: Samples.failure(), for: github, at: start.after(16), nextAttemptAt: start.after(30))
            .applied(failure: Samples.failure(), for: github, at: start.after(31), nextAttemptAt: start.after(45))
        let record = try #require(snapshot.record(of: github))
        #expect(record.reading == Samples.reading())
        #expect(record.failure?.firstSeenAt == start.after(16) && record.failure?.lastSeenAt == start.after(31))
        #expect(record.failure?.attempts == 2)
        #expect(record.dueAt == start.after(15) && record.nextAttemptAt == start.after(45))
    }

    @Test("a failure of another cause is another problem and begins anew, one of another code goes on")
    func otherCause() {
        let timeout = Samples.failure(.timeout, cause: .provider)
        let outage = Samples.failure(.providerOutage, cause: .provider)
        let first = Samples.project().applied(failure: timeout, for: github, at: start)
        let second = first.applied(failure: outage, for: github, at: start.after(15)).record(of: github)?.failure
        #expect(second?.firstSeenAt == start && second?.attempts == 2 && second?.failure.code == .providerOutage)
        let third = first.applied(failure: Samples.throttled, for: github, at: start.after(15)).record(of: github)?
            .failure
        #expect(third?.firstSeenAt == start.after(15) && third?.attempts == 1)
    }

    @Test("a refusal stands through silence and throttling until a success, and its time is that of the refusal")
    func standingRefusal() throws {
        let refused = Samples.project()
            .applied(reading: Samples.reading(), for: github, at: start)
            .applied(failure: Samples.revoked, for: github, at: start.after(15), nextAttemptAt: start.after(30))
        for later in [Samples.failure(), Samples.throttled] {
            let snapshot = refused.applied(
                failure: later, for: github, at: start.after(31), nextAttemptAt: start.after(60))
            let record = try #require(snapshot.record(of: github))
            #expect(record.failure?.failure == Samples.revoked)
            #expect(record.failure?.firstSeenAt == start.after(15) && record.failure?.lastSeenAt == start.after(15))
            #expect(record.failure?.attempts == 2 && record.nextAttemptAt == start.after(60))
            #expect(record.blockedUntil == (later == Samples.throttled ? start.after(60) : nil))
            #expect(Samples.render(snapshot, at: start.after(32)).envelope.overall == .error)
            let healed = snapshot.applied(
                reading: Samples.reading(at: start.after(61)), for: github, at: start.after(61))
            #expect(healed.record(of: github)?.failure == nil && healed.record(of: github)?.blockedUntil == nil)
        }
    }

    @Test("a request that a breaker held back leaves what is known of the trouble, and counts as no attempt")
    func held() {
        let known = Samples.project().applied(
            failure: Samples.failure(), for: github, at: start, nextAttemptAt: start.after(15))
        let held = ProviderFailure(
            code: .providerOutage, cause: .provider, hint: "Held.", disposition: .keepsLast,
            heldUntil: start.after(45).wall)
        let later = known.applied(failure: held, for: github, at: start.after(15), nextAttemptAt: start.after(45))
            .record(of: github)
        #expect(later?.failure == known.record(of: github)?.failure)
        #expect(later?.nextAttemptAt == start.after(45))
        let first = Samples.project().applied(failure: held, for: github, at: start, nextAttemptAt: start.after(45))
        #expect(first.record(of: github)?.failure?.failure == held)
    }

    @Test("nobody asks again before an instant that the provider named, whatever kept it from answering")
    func namedInstant() {
        let unavailable = ProviderFailure(
            code: .unknown, cause: .provider, hint: "Wait.", disposition: .keepsLast, retryAfter: start.after(120).wall)
        let snapshot = Samples.project().applied(
            failure: unavailable, for: github, at: start, nextAttemptAt: start.after(120))
        #expect(snapshot.record(of: github)?.blockedUntil == start.after(120))
        #expect(
            snapshot.invalidated([github], at: start.after(1)).record(of: github)?.nextAttemptAt == start.after(120))
    }

    @Test("a revoked item is not read by itself until its secret changes")
    func suspended() {
        let revoked = Samples.project().applied(
            failure: Samples.revoked, for: github, at: start, nextAttemptAt: start.after(900), isSuspended: true)
        #expect(revoked.record(of: github)?.isSuspended == true && revoked.record(of: github)?.nextAttemptAt == nil)
        let changed = revoked.secretChanged(for: github, at: start.after(30)).record(of: github)
        #expect(changed?.isSuspended == false && changed?.nextAttemptAt == start.after(30))
        let healed = revoked.applied(reading: Samples.reading(at: start.after(31)), for: github, at: start.after(31))
        #expect(healed.record(of: github)?.isSuspended == false)
    }

    @Test("a changed secret ends the time of a refusal, and not that of a limit")
    func changedSecret() {
        var lockedOut = Samples.revoked
        lockedOut.retryAfter = start.after(900).wall
        for (failure, isFree) in [(lockedOut, true), (Samples.throttled, false)] {
            let snapshot = Samples.project().applied(
                failure: failure, for: github, at: start, nextAttemptAt: start.after(900))
            let record = snapshot.secretChanged(for: github, at: start.after(5)).record(of: github)
            #expect((record?.blockedUntil == nil) == isFree)
            #expect(record?.nextAttemptAt == (isFree ? start.after(5) : start.after(900)))
        }
    }

    @Test("a reading overtaken by a newer one changes nothing")
    func overtaken() {
        let newer = Samples.project().applied(
            reading: Samples.reading(at: start.after(9)), for: github, at: start.after(9))
        #expect(newer.applied(reading: Samples.reading(at: start), for: github, at: start.after(10)) == newer)
    }

    @Test("a result for an item that is not linked any more changes nothing")
    func lateResult() {
        let snapshot = Samples.project([])
        #expect(snapshot.applied(reading: Samples.reading(), for: github, at: start) == snapshot)
        #expect(snapshot.applied(failure: Samples.failure(), for: github, at: start) == snapshot)
        #expect(snapshot.applied(failure: Samples.failure(), for: .service("gone"), at: start) == snapshot)
        #expect(snapshot.invalidated([github, .service("gone")], at: start) == snapshot)
    }

    @Test("an invalidated item is due at once, but not while the provider throttles us")
    func invalidated() {
        let known = Samples.project()
            .applied(reading: Samples.reading(), for: github, at: start, nextAttemptAt: start.after(15))
        let invalid = known.invalidated([github], at: start.after(3)).record(of: github)
        #expect(invalid?.dueAt == start.after(3) && invalid?.nextAttemptAt == start.after(3))
        let throttled =
            known
            .applied(failure: Samples.throttled, for: github, at: start.after(15), nextAttemptAt: start.after(600))
            .invalidated([github], at: start.after(20)).record(of: github)
        #expect(throttled?.nextAttemptAt == start.after(600) && throttled?.blockedUntil == start.after(600))
    }

    @Test(
        "a refresh has succeeded, failed, or done both in part",
        arguments: [
            ([true, true], .succeeded), ([true, false], .partial), ([false, false], .failed), ([], .succeeded),
        ] as [([Bool], RefreshAttempt.Outcome)])
    func outcome(answers: [Bool], outcome: RefreshAttempt.Outcome) {
        let keys = [github, Samples.vercel]
        var snapshot = Samples.project(keys)
        for (key, answered) in zip(keys, answers) {
            snapshot =
                answered
                ? snapshot.applied(reading: Samples.reading(key), for: key, at: start)
                : snapshot.applied(failure: Samples.failure(), for: key, at: start)
        }
        let finished = snapshot.refreshFinished(keys.prefix(answers.count), startedAt: start, at: start.after(2))
        #expect(finished.lastRefreshAttempt == .init(at: start.after(2).wall, outcome: outcome, duration: .seconds(2)))
        #expect((finished.lastRefreshError == nil) == answers.allSatisfy { $0 })
    }

    @Test("the last error is the worst that still stands, and the next success clears it")
    func lastError() {
        let keys = ProviderKey.allCases.map { ItemKey.provider($0) }
        let failing = Samples.project(keys)
            .applied(failure: Samples.throttled, for: keys[0], at: start)
            .applied(failure: Samples.failure(), for: keys[1], at: start)
            .applied(failure: Samples.revoked, for: keys[2], at: start)
            .refreshFinished(keys, startedAt: start, at: start)
        #expect(failing.lastRefreshError == .init(code: .oauthRevoked, message: "Look at octo-org.", at: start.wall))
        let others = failing.applied(reading: Samples.reading(keys[2]), for: keys[2], at: start)
            .refreshFinished([keys[2]], startedAt: start, at: start)
        #expect(others.lastRefreshError?.code == .network)
        let equals = others.applied(failure: Samples.failure(.timeout), for: keys[3], at: start)
            .refreshFinished([keys[3]], startedAt: start, at: start)
        #expect(equals.lastRefreshError?.code == .network, "of equals the first in order")
        let recovered = others.applied(reading: Samples.reading(keys[0]), for: keys[0], at: start)
            .applied(reading: Samples.reading(keys[1]), for: keys[1], at: start)
            .refreshFinished(keys.prefix(2), startedAt: start, at: start)
        #expect(recovered.lastRefreshError == nil)
    }

    @Test("what a store kept is known again as it was: its time to live runs on, and a provider's date still stands")
    func restored() throws {
        let throttled = Samples.failure(.rateLimited, cause: .throttled, retryAfter: start.after(90).wall)
        let project = Samples.project([github, Samples.vercel]).applied(
            reading: Samples.reading(), for: github, at: start, nextAttemptAt: start.after(15)
        ).applied(failure: throttled, for: github, at: start.after(20), nextAttemptAt: start.after(90))
        let known = try #require(project.record(of: github))
        var gone = known
        gone.key = .service("gone")
        let stored = [
            StoredItem(project: project.projectID, record: known), StoredItem(project: project.projectID, record: gone),
            StoredItem(project: try #require(ProjectID("other")), record: known),
        ]
        let restored = Samples.project([github, Samples.vercel]).restored(from: stored, at: start.after(30))
        #expect(restored.record(of: github) == known)
        #expect(restored.record(of: Samples.vercel) == project.record(of: Samples.vercel))
        #expect(restored.services.isEmpty)
    }

    @Test("a read that the end of the daemon cut off counts as an attempt")
    func unseenAttempt() throws {
        let project = Samples.project([github])
        var record = try #require(project.record(of: github))
        record.attemptStartedAt = start
        let restored = { (record: ItemRecord) in
            project.restored(
                from: [StoredItem(project: project.projectID, record: record)], at: Samples.start.after(0.2)
            ).record(of: github)
        }
        #expect(restored(record)?.isAttempted(within: .seconds(1), at: start.after(0.2)) == true)
        #expect(restored(record)?.nextAttemptAt == start.after(1))
        record.reading = Samples.reading()
        #expect(restored(record)?.nextAttemptAt == start.after(15))
        record.nextAttemptAt = start.after(20)
        #expect(restored(record)?.nextAttemptAt == start.after(20))
        // No further ahead than the daemon plans by itself: then a wall clock was wrong, or the time to live is another now.
        record.nextAttemptAt = start.after(4_000)
        #expect(restored(record)?.nextAttemptAt == start.after(15))
    }

    @Test("a new definition keeps what is known of the same target and forgets the rest")
    func redefined() {
        let old = Samples.definition([github, Samples.vercel, .service("worker")])
        let known = [github, Samples.vercel, .service("worker")].reduce(ProjectSnapshot(definition: old)) {
            $0.applied(reading: Samples.reading($1), for: $1, at: start, nextAttemptAt: start.after(15))
        }
        var new = Samples.definition([github, Samples.vercel])
        new.links[Samples.vercel] = Link(target: .github(GitHubTarget(owner: "octo-org", repository: "other")))
        let next = known.redefined(from: old, to: new, at: start.after(1))
        #expect(next.record(of: github) == known.record(of: github))
        #expect(next.record(of: Samples.vercel) == ItemRecord(key: Samples.vercel, link: .linked))
        #expect(next.services.isEmpty)
    }

    @Test("a changed credential makes the item due, a switched-off link keeps what is known for later")
    func relinked() {
        let old = Samples.definition([github])
        let known = ProjectSnapshot(definition: old)
            .applied(reading: Samples.reading(), for: github, at: start, nextAttemptAt: start.after(15))
        var new = old
        new.links[github]?.credential = .environment(name: "TOKEN")
        let recredentialed = known.redefined(from: old, to: new, at: start.after(1)).record(of: github)
        #expect(recredentialed?.reading == Samples.reading() && recredentialed?.dueAt == start.after(1))
        new.links[github]?.isEnabled = false
        let off = known.redefined(from: old, to: new, at: start.after(1)).record(of: github)
        #expect(off?.link == .disabled && off?.reading == Samples.reading())
    }
}

import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("A project's view")
struct ViewRendererTests {
    private let start = Samples.start

    @Test(
        "overall is the worst visible item that is configured",
        arguments: [
            ([.connected], .connected), ([.connected, .warning], .warning), ([.error, .warning, .connected], .error),
            ([.disconnected, .connected], .connected), ([], .disconnected), ([.disconnected], .disconnected),
        ] as [([ConnectionState], ConnectionState)])
    func overall(states: [ConnectionState], overall: ConnectionState) {
        let keys = ProviderKey.allCases.prefix(states.count).map { ItemKey.provider($0) }
        var snapshot = Samples.project(keys)
        for (key, state) in zip(keys, states) {
            snapshot = snapshot.applied(reading: Samples.reading(key, status: state), for: key, at: start)
        }
        #expect(Samples.render(snapshot).envelope.overall == overall)
    }

    @Test("a service counts for overall as any item does")
    func serviceCounts() {
        let worker = ItemKey.service("worker")
        let snapshot = Samples.project([Samples.github, worker])
            .applied(reading: Samples.reading(), for: Samples.github, at: start)
            .applied(failure: Samples.failure(.timeout, cause: .provider), for: worker, at: start)
        #expect(Samples.render(snapshot).envelope.overall == .error)
    }

    @Test("a hidden item neither degrades the board nor makes it stale")
    func hiddenDoesNotCount() {
        let snapshot = Samples.project([Samples.github, Samples.vercel], hidden: [Samples.vercel: [.editor]])
            .applied(reading: Samples.reading(), for: Samples.github, at: start)
            .applied(failure: Samples.revoked, for: Samples.vercel, at: start)
        #expect(Samples.render(snapshot, role: .owner).envelope.overall == .error)
        let view = Samples.render(snapshot, role: .editor)
        #expect(view.envelope.overall == .connected)
        #expect(view.envelope.nextActions.isEmpty)
        #expect(view.envelope.items[1].configuredReason == .hiddenByPolicy)
    }

    @Test("an item still being checked colours the board only while nothing else is known")
    func checkingDoesNotCount() {
        let empty = Samples.project([Samples.github, Samples.vercel])
        let view = Samples.render(empty)
        #expect(view.envelope.overall == .disconnected && view.isChecking && view.oldestReadingAt == nil)
        let half = Samples.render(empty.applied(reading: Samples.reading(), for: Samples.github, at: start))
        #expect(half.envelope.overall == .connected && half.isChecking && half.oldestReadingAt == start.instant)
    }

    @Test("there are always exactly the four providers in order, and services by name")
    func order() {
        var snapshot = Samples.project([.service("b"), .service("a")])
        snapshot.items.shuffle()
        snapshot.items.removeLast()
        let envelope = Samples.render(snapshot).envelope
        #expect(envelope.items.map(\.key) == ProviderKey.allCases.map { .provider($0) })
        #expect(envelope.services.map(\.key) == [.service("a"), .service("b")])
    }

    @Test("cached_at is the newest reading's time, the age that of the oldest")
    func times() {
        let snapshot = Samples.project([Samples.github, Samples.vercel])
            .applied(reading: Samples.reading(at: start.after(-20)), for: Samples.github, at: start)
            .applied(reading: Samples.reading(Samples.vercel, at: start.after(-5)), for: Samples.vercel, at: start)
        let view = Samples.render(snapshot)
        #expect(view.envelope.cachedAt == start.after(-5).wall)
        #expect(view.oldestReadingAt == start.after(-20).instant)
    }

    @Test("an unconfigured project has nothing to wait for")
    func unconfigured() {
        let view = Samples.render(Samples.project([]))
        #expect(!view.isChecking && view.oldestReadingAt == nil && view.expiresAt == nil && view.refreshDueAt == nil)
    }

    @Test("a time to live ends with dueAt, a refresh waits for the next attempt")
    func dueTimes() {
        let fresh = Samples.project()
            .applied(reading: Samples.reading(), for: Samples.github, at: start, nextAttemptAt: start.after(15))
        #expect(Samples.render(fresh).expiresAt == start.after(15).instant)
        #expect(Samples.render(fresh).refreshDueAt == start.after(15).instant)
        let failed = fresh.applied(
            failure: Samples.throttled, for: Samples.github, at: start.after(20), nextAttemptAt: start.after(80))
        #expect(Samples.render(failed).expiresAt == start.after(15).instant)
        #expect(Samples.render(failed).refreshDueAt == start.after(80).instant)
    }

    @Test("a view is the same until the instant it names, and another then", arguments: 1...40 as ClosedRange<UInt64>)
    func validity(seed: UInt64) {
        var random = RandomProject(seed: seed)
        let policy = ViewPolicy()
        for _ in 0..<20 {
            let snapshot = random.snapshot(hidden: random.pick([[:], [Samples.vercel: [.editor]]]))
            let role = random.pick(Role.allCases)
            let view = Samples.render(snapshot, role: role)
            let validFor = start.instant.duration(to: view.validUntil)
            #expect(validFor > .zero && validFor <= policy.validityMax, "seed \(seed)")
            let last = start.advanced(by: validFor - .nanoseconds(1))
            #expect(Samples.render(snapshot, role: role, at: last).envelope == view.envelope, "seed \(seed)")
            let middle = start.advanced(by: validFor / 3)
            #expect(Samples.render(snapshot, role: role, at: middle).envelope == view.envelope, "seed \(seed)")
            guard validFor < policy.validityMax else { continue }
            let next = Samples.render(snapshot, role: role, at: start.advanced(by: validFor)).envelope
            // Only a turn may be silent: to the status that stands already, or under a throttling that hides it.
            #expect(next != view.envelope || snapshot.hasTurns, "seed \(seed)")
        }
    }

    @Test("nothing about a hidden item changes anything in the view", arguments: 1...40 as ClosedRange<UInt64>)
    func hiddenLeavesNoTrace(seed: UInt64) {
        var random = RandomProject(seed: seed)
        var snapshot = random.snapshot(hidden: [Samples.github: [.editor]])
        let reference = Samples.render(snapshot, role: .editor)
        for _ in 0..<10 {
            snapshot.items[0] = random.record(Samples.github)
            let finished = snapshot.refreshFinished([Samples.github, Samples.vercel], startedAt: start, at: start)
            var expected = reference
            expected.envelope.lastRefreshAttempt?.duration = .zero
            var view = Samples.render(finished, role: .editor)
            #expect(view.envelope.hash == expected.envelope.hash, "seed \(seed)")
            view.envelope.renderHash = ""
            expected.envelope.renderHash = ""
            #expect(view == expected, "seed \(seed)")
        }
    }
}

extension ProjectSnapshot {
    fileprivate var hasTurns: Bool {
        (items + services).compactMap(\.reading).contains { reading in
            !reading.status.turns.isEmpty || reading.environments.contains { !$0.status.turns.isEmpty }
        }
    }
}

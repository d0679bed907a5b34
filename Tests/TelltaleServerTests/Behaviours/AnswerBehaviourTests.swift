import StatusCore
import StatusEngine
import StatusModel
import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

/// What readers get, over the wire of a whole server with a hand-driven clock: the first half of the behaviours that
/// the product is held to.
@Suite("Behaviours of answers", .timeLimit(.minutes(1)))
struct AnswerBehaviourTests {
    private static let answering: ManualProvider.Script = { .success($0.reading()) }

    /// So many calls at once, over as many connections as their bound of calls asks for.
    private func statuses(
        _ count: Int, _ rig: ServerRig, _ contract: ReadersContract = ReadersContract()
    ) async throws -> [StatusAnswer] {
        try await withThrowingTaskGroup { group in
            for start in stride(from: 0, to: count, by: 100) {
                let client = try await rig.client()
                for _ in start..<min(start + 100, count) {
                    group.addTask { try await client.status("shop", contract) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("10,000 reads of a key fetched 3 s ago cost no call upstream")
    func behaviour01_readsOfAFreshKeyCostNoCall() async throws {
        try await ServerRig(Self.answering, configure: { $0.refresh.providerTimeToLive = .seconds(10) }).run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            await rig.advance(by: .seconds(3))
            for _ in 0..<100 {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<100 { group.addTask { try await client.status() } }
                    for try await answer in group { #expect(answer.source == .hit) }
                }
            }
            #expect(rig.provider.readCount == 1)
            #expect(await rig.engine.cacheStats().hits == 10_000)
        }
    }

    @Test("500 readers of a stale key get the old value at once, and one call starts")
    func behaviour02_aStaleKeyAnswersAtOnceAndIsReadOnce() async throws {
        try await ServerRig(Self.answering, configure: { $0.refresh.providerTimeToLive = .seconds(10) }).run { rig in
            _ = try await rig.client().status()
            rig.provider.follow(nil)
            let asked = rig.time.now
            rig.time.advance(by: .seconds(11))
            // The clock stands still: nobody waits for anything.
            let answers = try await statuses(500, rig)
            #expect(answers.allSatisfy { $0.source == .stale && $0.age == .seconds(11) })
            #expect(answers.count { $0.isRefreshing } >= 499)
            #expect(answers.allSatisfy { $0.envelope?.items.first?.updatedAt == asked.wall })
            await rig.settle()
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("500 readers of an empty key who wait share one call of 300 ms, and all get what it brings")
    func behaviour03_anEmptyKeyIsReadOnceForAll() async throws {
        try await ServerRig(nil).run { rig in
            async let answers = statuses(500, rig, ReadersContract(maxWait: .seconds(1)))
            // Each waits on the clock for its own patience, and the read for its deadline.
            await rig.time.waitForSleepers(501)
            rig.time.advance(by: .milliseconds(300))
            await rig.provider.next()?.succeed()
            let all = try await answers
            #expect(all.count == 500)
            #expect(all.allSatisfy { $0.envelope?.items.first?.status == .connected })
            #expect(all.count { $0.source == .fetched } == 1)
            #expect(all.count { $0.source == .collapsed } == 499)
            #expect(rig.provider.readCount == 1)
        }
    }

    @Test("a reader of an empty key whose provider hangs is told so after its own 200 ms, and the call goes on")
    func behaviour04_aHangingProviderHoldsNobodyBeyondItsPatience() async throws {
        try await ServerRig(nil).run { rig in
            let client = try await rig.client()
            async let impatient = client.status("shop", ReadersContract(maxWait: .milliseconds(200)))
            await rig.time.waitForSleepers(2)
            rig.time.advance(by: .milliseconds(199))
            await rig.settle()
            async let other = client.status("shop", ReadersContract(maxWait: .seconds(2)))
            await rig.time.waitForSleepers(3)
            rig.time.advance(by: .milliseconds(1))
            let answer = try await impatient
            #expect(answer.source == .checking)
            #expect(answer.isRefreshing)
            #expect(answer.envelope?.items.first?.freshness == .never)
            await rig.provider.next()?.succeed()
            #expect(try await other.source == .collapsed)
            #expect(rig.provider.readCount == 1)
        }
    }

    @Test("one of 100 joined callers leaves and disturbs nobody; when all have left, the call ends in the cache")
    func behaviour05_whoLeavesDisturbsNobody() async throws {
        try await ServerRig(nil).run { rig in
            let shop = try #require(ProjectID("shop"))
            let callers = (0..<100).map { _ in
                Task {
                    await rig.engine.read(
                        shop, role: .owner, contract: ReadersContract(), mode: .preferFresh, atMost: .seconds(2))
                }
            }
            await rig.time.waitForSleepers(101)
            callers[0].cancel()
            #expect(await callers[0].value?.decision == .answer(.checking))
            #expect(rig.provider.openCount == 1)
            for caller in callers { caller.cancel() }
            for caller in callers { _ = await caller.value }
            let attempt = await rig.provider.next()
            #expect(rig.provider.cancelledCount == 0)
            attempt?.succeed()
            let client = try await rig.client()
            await eventually { (try? await client.status().source) == .hit }
            #expect(rig.provider.readCount == 1)
        }
    }

    @Test("an adapter that fails in a way nobody foresaw spoils its own key alone, and is tried again by backoff")
    func behaviour06_anUnforeseenFailureStaysWithItsKey() async throws {
        let broken = ProviderFailure(
            code: .unknown, cause: .provider, hint: "Report it.", disposition: .keepsLast, isRetryable: true)
        let rig = try ServerRig { $0.project.rawValue == "broken" ? .failure(broken) : .success($0.reading()) }
        try await rig.run([project("shop"), project("broken")]) { rig in
            let client = try await rig.client()
            async let answer = client.status("broken")
            await rig.time.waitForSleepers(2)
            // The attempts of one read part by backoff with full jitter, within its deadline.
            for _ in 0..<5 {
                rig.time.advance(by: .milliseconds(50))
                await rig.settle()
            }
            let failed = try #require(try await answer.envelope?.items.first)
            await rig.advance(by: .seconds(1), step: .milliseconds(50))
            let item = try await client.status("broken").envelope?.items.first
            #expect(failed.status == .error && failed.freshness == .never)
            #expect(item?.problem?.code == .unknown)
            #expect(item?.status == .error)
            #expect(rig.provider.readCount == 3)
            #expect(try await client.status("shop").envelope?.items.first?.status == .connected)
            #expect(item?.problem?.nextAttemptAt.map { $0 > rig.time.now.wall } == true)
        }
    }

    @Test("a value of 12:00 with errors since 12:05 is answered at 12:10 with both, until the first success")
    func behaviour07_valueAndErrorStandSideBySide() async throws {
        try await ServerRig(Self.answering, configure: { $0.refresh.providerTimeToLive = .seconds(300) }).run { rig in
            let client = try await rig.client()
            let noon = rig.time.now.wall
            _ = try await client.status()
            rig.provider.follow { _ in .failure(outage) }
            await rig.advance(by: .seconds(599), step: .seconds(1))
            rig.time.advance(by: .seconds(1))
            let answer = try await client.status()
            let item = try #require(answer.envelope?.items.first)
            #expect(answer.age == .seconds(600))
            #expect(item.status == .connected)
            #expect(item.stale && item.freshness == .old)
            #expect(item.problem?.code == .providerOutage)
            #expect(item.problem?.firstSeenAt == noon.advanced(by: .seconds(300)))
            #expect(item.problem?.attempts == 1)
            #expect(item.problem?.nextAttemptAt != nil)
            #expect(answer.envelope?.lastRefreshError?.code == .providerOutage)

            // The read that was due at 12:10 fails as well; the one after it brings the value.
            await rig.settle()
            rig.provider.follow(Self.answering)
            await rig.advance(by: .seconds(305), step: .seconds(1))
            let well = try await client.status().envelope
            #expect(well?.items.first?.problem == nil)
            #expect(well?.lastRefreshError == nil)
        }
    }

    @Test("a value 20 min old is withheld from who takes 10, and served as stale to who does not say")
    func behaviour08_whatIsTooOldIsWithheld() async throws {
        try await ServerRig(Self.answering).run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            rig.provider.follow { _ in .failure(outage) }
            await rig.advance(by: .seconds(1_200), step: .seconds(5))
            let refusal = await failureOf {
                _ = try await client.status("shop", ReadersContract(maxStale: .seconds(600)))
            }
            #expect(refusal?.code == .unavailable)
            let served = try await client.status()
            #expect(served.source == .stale)
            #expect(served.envelope?.items.first?.stale == true)
            #expect(served.envelope?.items.first?.problem?.code == .providerOutage)
        }
    }

    @Test("50 keys loaded together for 60 s: no second of the next round has over 15 % of the reads")
    func behaviour09_keysLoadedTogetherPart() async throws {
        let shops = (0..<50).map { project("p\($0)") }
        let rig = try ServerRig(
            Self.answering,
            configure: { configuration in
                configuration.refresh.jitter = 0.2
                configuration.refresh.providerTimeToLive = .seconds(60)
            })
        try await rig.run(shops) { rig in
            rig.engine.watchOpened(nil)
            await eventually { rig.provider.readCount == 50 }
            await rig.settle()
            let start = rig.time.now.instant
            await rig.advance(by: .seconds(72), step: .milliseconds(250))
            let round = rig.provider.requests.dropFirst(50).prefix(50).map { start.duration(to: $0.now.instant) }
            #expect(round.count == 50)
            let seconds = Dictionary(grouping: round) { $0.components.seconds }
            #expect(seconds.values.allSatisfy { Double($0.count) <= 50 * 0.15 })
        }
    }

    @Test("a key that nobody read for 72 h is refreshed no more; the first read starts it again and says so")
    func behaviour10_whatNobodyAsksForRests() async throws {
        try await ServerRig(Self.answering).run([project("shop"), project("watched")]) { rig in
            let client = try await rig.client()
            _ = try await client.status()
            #expect(try await client.status().isResumed == false)
            // While somebody watches anything, others get a ping a minute.
            rig.engine.watchOpened([try #require(rig.entry("watched"))])
            let reads = { rig.provider.requests.count { $0.project.rawValue == "shop" } }
            await rig.advance(by: .seconds(72 * 3_600), step: .seconds(30))
            await rig.advance(by: .seconds(120), step: .seconds(10))
            let before = reads()
            #expect(before > 1_000)
            await rig.advance(by: .seconds(3_600), step: .seconds(30))
            #expect(reads() == before)
            let answer = try await client.status()
            #expect(answer.source == .stale)
            #expect(answer.isRefreshing && answer.isResumed)
            await eventually { reads() == before + 1 }
            await rig.advance(by: .seconds(16))
            #expect(reads() > before + 1)
            #expect(try await client.status().isResumed == false)
        }
    }

    @Test("a 404 is known for 60 s, shown as refused and not found, and asked again after that")
    func behaviour11_whatDoesNotExistIsKnownForAMinute() async throws {
        let missing = ProviderFailure(
            code: .notFound, cause: .refused, hint: "Link another repository.", disposition: .replaces)
        try await ServerRig({ _ in .failure(missing) }).run { rig in
            let client = try await rig.client()
            let item = try await client.status().envelope?.items.first
            #expect(item?.problem?.code == .notFound)
            #expect(item?.problem?.cause == .refused)
            for _ in 0..<59 {
                await rig.advance(by: .seconds(1))
                _ = try await client.status()
            }
            #expect(rig.provider.readCount == 1)
            await rig.advance(by: .seconds(2))
            _ = try await client.status()
            await eventually { rig.provider.readCount == 2 }
        }
    }

    @Test("the wall clock jumps by an hour: ages, times to live and waits do not", arguments: [3_600, -3_600])
    func behaviour12_theWallClockMovesNothing(step: Int) async throws {
        let store = MemoryStore()
        let time = ManualTime()
        let limit: @Sendable (Int) -> ProviderFailure = { seconds in
            ProviderFailure(
                code: .rateLimited, cause: .throttled, hint: "Wait.", disposition: .keepsLast,
                retryAfter: time.now.wall.advanced(by: .seconds(seconds)))
        }
        let first = try ServerRig(Self.answering, store: store, time: time)
        try await first.run([project("shop"), project("limited")]) { rig in
            let client = try await rig.client()
            _ = try await client.status("shop")
            rig.provider.follow { $0.project.rawValue == "limited" ? .failure(limit(120)) : nil }
            _ = try await client.status("limited")
            rig.time.advance(by: .seconds(10))
            rig.time.stepWallClock(by: .seconds(step))
            let answer = try await client.status("shop")
            #expect(answer.age == .seconds(10) && answer.source == .hit)
            let retryAfter = try await client.status("limited").envelope?.items.first?.problem?.nextAttemptAt
            #expect(try #require(retryAfter).since(rig.time.now.wall) >= .seconds(109))
            #expect(try #require(retryAfter).since(rig.time.now.wall) <= .seconds(112))
        }
        // Nor does a step while the daemon is down.
        time.stepWallClock(by: .seconds(-2 * step))
        let second = try ServerRig(Self.answering, store: store, time: time)
        try await second.run([project("shop"), project("limited")]) { rig in
            let client = try await rig.client()
            let answer = try await client.status("shop")
            #expect(answer.age == .seconds(10) && answer.source == .hit)
            for _ in 0..<109 {
                await rig.advance(by: .seconds(1))
                _ = try await client.status("limited", ReadersContract(), .force)
            }
            #expect(!rig.provider.requests.contains { $0.project.rawValue == "limited" })
            await rig.advance(by: .seconds(3))
            #expect(rig.provider.requests.contains { $0.project.rawValue == "limited" })
        }
    }
}

import Resilience
import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Retry budgets and limits that outlive the process")
struct StateThatSurvivesTests {
    private let time = ManualTime()
    private let policy = RefreshPolicy()

    private func ledger() -> RetryLedger {
        RetryLedger(
            policy: RetryPolicy(retriesMax: 1_000, backoff: Backoff(initial: .zero, max: .zero)), budgetPercent: 20,
            generator: SeededGenerator(seed: 1))
    }

    private func retries(_ ledger: RetryLedger, _ upstream: Upstream, of tries: Int = 100) -> Int {
        let now = time.now.instant
        return (0..<tries).count { _ in
            ledger.retry(upstream, afterAttempt: 1, at: now, before: now + .seconds(9)) != nil
        }
    }

    @Test("an upstream's name is read back, and nothing else is", arguments: Upstream.allCases)
    func name(upstream: Upstream) {
        #expect(Upstream(upstream.description) == upstream)
        for text in ["", "GitHub", "service", "services ", "service:worker"] { #expect(Upstream(text) == nil) }
        #expect(Upstream.allCases.map(\.description) == ["github", "vercel", "sanity", "supabase", "services"])
    }

    @Test("a budget is told once after each time that something of it was spent")
    func changed() {
        let ledger = ledger()
        ledger.began(.provider(.github), at: time.now.instant)
        #expect(ledger.takeChanged(at: time.now.instant).isEmpty)
        #expect(retries(ledger, .provider(.github), of: 2) == 2)
        let stored = ledger.takeChanged(at: time.now.instant)
        #expect(stored.map(\.upstream) == ["github"])
        #expect(stored.first?.record.slices.map(\.retryCount) == [2])
        #expect(stored.first?.record.slices.map(\.firstTryCount) == [1])
        #expect(ledger.takeChanged(at: time.now.instant).isEmpty)
        #expect(retries(ledger, .services, of: 1) == 1)
        #expect(ledger.takeChanged(at: time.now.instant).map(\.upstream) == ["services"])
    }

    @Test("over twenty starts what is spent stays spent, each upstream by itself")
    func twentyStarts() {
        var kept: [String: StoredBudget] = [:]
        var count = 0
        for _ in 0..<20 {
            let ledger = ledger()
            ledger.restore(Array(kept.values), at: time.now.instant)
            ledger.began(.provider(.vercel), at: time.now.instant)
            count += retries(ledger, .provider(.vercel))
            for budget in ledger.takeChanged(at: time.now.instant) { kept[budget.upstream] = budget }
            time.advance(by: .seconds(1))
        }
        // First tries are written with the next retry: the last life's share is not lost but late.
        #expect(count <= 20 / 5 + 3)
        #expect(count >= 3)
        #expect(retries(ledger(), .provider(.vercel)) == 3)
    }

    @Test("budgets of upstreams that nobody knows are passed over, and one in use knows better")
    func unknown() {
        let spent = RetryBudget.Record(slices: [
            RetryBudget.Record.Slice(start: time.now.instant, firstTryCount: 0, retryCount: 3)
        ])
        let ledger = ledger()
        ledger.began(.services, at: time.now.instant)
        ledger.restore(
            ["gitlab", "services", "sanity"].map { StoredBudget(upstream: $0, record: spent) }, at: time.now.instant)
        #expect(retries(ledger, .services) == 3)
        #expect(retries(ledger, .provider(.sanity)) == 0)
    }

    private func link(_ owner: String, _ secret: String) -> Link {
        Link(
            target: .github(GitHubTarget(owner: owner, repository: "r")), credential: .environment(name: secret))
    }

    private func throttled(for seconds: Int64) -> Result<Reading, ProviderFailure> {
        .failure(
            ProviderFailure(
                code: .rateLimited, cause: .throttled, hint: "", disposition: .keepsLast,
                retryAfter: time.now.wall.advanced(by: .seconds(seconds))))
    }

    @Test("a limit is told once, lasts to the second over starts, and no stepped wall clock moves it")
    func limit() throws {
        let (shop, blog) = (link("shop", "A"), link("blog", "A"))
        var table = LimitTable()
        table.note(throttled(for: 600), of: shop, at: time.now, policy: policy)
        let end = time.now.advanced(by: .seconds(600))
        var stored = table.takeChanged(at: time.now)
        #expect(stored == [StoredLimit(scope: shop.limitScope, until: end)])
        #expect(table.takeChanged(at: time.now).isEmpty)
        for life in 0..<20 {
            time.advance(by: .seconds(10))
            time.stepWallClock(by: .seconds(life.isMultiple(of: 2) ? 3600 : -3600))
            table = LimitTable()
            table.restore(stored, at: time.now, policy: policy)
            #expect(table.takeChanged(at: time.now).isEmpty)
            // The limit stood for an answer, and says nothing new.
            let failure = try #require(table.failure(for: blog, at: time.now))
            table.note(.failure(failure), of: blog, at: time.now, policy: policy)
            #expect(table.takeChanged(at: time.now).isEmpty)
            #expect(table.failure(for: link("shop", "B"), at: time.now) == nil)
        }
        time.advance(by: time.now.instant.duration(to: end.instant) - .nanoseconds(1))
        #expect(table.failure(for: blog, at: time.now) != nil)
        time.advance(by: .nanoseconds(1))
        #expect(table.failure(for: blog, at: time.now) == nil)
        // What has passed is no news.
        table.note(throttled(for: 5), of: shop, at: time.now, policy: policy)
        time.advance(by: .seconds(5))
        stored = table.takeChanged(at: time.now)
        #expect(stored.isEmpty)
    }

    @Test("a longer limit is told again, a shorter one is not, and none is obeyed for more than a day")
    func lengthened() {
        let shop = link("shop", "A")
        var table = LimitTable()
        table.note(throttled(for: 600), of: shop, at: time.now, policy: policy)
        _ = table.takeChanged(at: time.now)
        table.note(throttled(for: 60), of: shop, at: time.now, policy: policy)
        #expect(table.takeChanged(at: time.now).isEmpty)
        table.note(throttled(for: 601), of: shop, at: time.now, policy: policy)
        #expect(table.takeChanged(at: time.now).map(\.until) == [time.now.advanced(by: .seconds(601))])

        let far = StoredLimit(scope: shop.limitScope, until: time.now.advanced(by: .seconds(1 << 40)))
        var other = LimitTable()
        other.restore([far], at: time.now, policy: policy)
        time.advance(by: policy.retryAfterMax)
        #expect(other.failure(for: shop, at: time.now) == nil)
    }
}

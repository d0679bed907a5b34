import HTTPClient
import Locks
import Resilience
import StatusCore
import StatusEngine
import StatusModel
import StatusProviders
import Synchronization
import TelltaleServer
import TestSupport
import Testing

@Suite("The guards of all upstreams", .timeLimit(.minutes(1)))
struct UpstreamGuardsTests {
    /// A host that is always down.
    private struct Down: HTTPTransport {
        func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
            throw HTTPClientError(kind: .connect, detail: "")
        }
    }

    /// What was told of changes, as a store would keep it.
    private final class Kept: Sendable {
        private let breakers = Lock<[StoredBreaker]>([])

        func note(_ breaker: StoredBreaker) { breakers.withLock { $0.append(breaker) } }

        var all: [StoredBreaker] { breakers.withLock { $0 } }
    }

    private let time = ManualTime()
    private let sink = RecordingLogSink()

    private func guards() -> UpstreamGuards {
        UpstreamGuards(
            over: Down(), policy: BreakerPolicy(), time: time,
            logger: Logger(sink: sink, clock: { UnixTime(seconds: 0) }))
    }

    private func call(_ guards: UpstreamGuards, _ upstream: Upstream, _ url: String) async {
        for _ in 0..<5 { _ = try? await guards.transport(for: upstream).send(HTTPRequest(url: url)) }
    }

    private let worker = Link(target: .service(ServiceTarget(name: "w", url: "https://api.vercel.com/worker")))
    private let shop = Link(target: .vercel(VercelTarget(project: "shop")))
    private let blog = Link(
        target: .sanity(SanityTarget(projectID: "abc", managementURL: "https://api.vercel.com")),
        credential: .environment(name: "TOKEN"))

    @Test("a change is told as it is to be kept, and the next process starts from it and says so once")
    func restored() async throws {
        let kept = Kept()
        let first = guards()
        first.onChange { kept.note($0) }
        await call(first, .provider(.vercel), "https://api.vercel.com/v9/projects/shop")
        await call(first, .services, "https://api.vercel.com/worker?token=x")
        #expect(kept.all.map(\.upstream) == ["vercel", "services"])
        #expect(kept.all.map(\.place) == ["https://api.vercel.com", "https://api.vercel.com/worker"])
        #expect(kept.all == first.records)
        #expect(first.standing(of: shop).heldUntil != nil)

        let logged = sink.records.count
        let second = guards()
        #expect(second.restore(kept.all).isEmpty)
        #expect(second.records == first.records)
        for link in [shop, worker] { #expect(second.standing(of: link) == first.standing(of: link)) }
        // Nothing is held for the fault of another provider behind the same host.
        #expect(second.standing(of: blog).state == .closed)
        let record = try #require(sink.records.last)
        #expect(sink.records.count == logged + 1)
        #expect(record.level == .notice)
        #expect(record.fields == [.number("breakers", 2), .text("providers", "services, vercel")])
    }

    @Test("where none is open nothing is said, and what is of no use is given back to be forgotten")
    func useless() {
        let guards = guards()
        let closed = CircuitBreaker.Record(openingCount: 1, closedAt: time.now.instant)
        let old = CircuitBreaker.Record(openingCount: 1, closedAt: time.now.instant - .seconds(601))
        let over = CircuitBreaker.Record(
            openingCount: 1, opening: CircuitBreaker.Record.Opening(until: time.now.instant, reason: .failures))
        let useless = guards.restore([
            StoredBreaker(upstream: "github", place: "https://api.github.com", record: closed),
            StoredBreaker(upstream: "vercel", place: "https://api.vercel.com", record: over),
            StoredBreaker(upstream: "github", place: "https://ghe.example", record: old),
            StoredBreaker(upstream: "gitlab", place: "https://gitlab.com", record: closed),
            StoredBreaker(upstream: "services", place: "nonsense", record: closed),
            StoredBreaker(upstream: "sanity", place: "https://api.sanity.io", record: nil),
        ])
        #expect(sink.records.isEmpty)
        #expect(guards.records.map(\.place) == ["https://api.github.com", "https://api.vercel.com"])
        #expect(guards.standing(of: shop).state == .halfOpen)
        #expect(useless.allSatisfy { $0.record == nil })
        #expect(
            Set(useless.map(\.place))
                == ["https://ghe.example", "https://gitlab.com", "nonsense", "https://api.sanity.io"])
    }
}

import HTTPClient
import Resilience
import StatusCore
import StatusProviders
import TestSupport
import Testing

@Suite("A guard that outlives its process", .timeLimit(.minutes(1)))
struct GuardCrashLoopTests {
    private let time = ManualTime()
    private let script = ScriptedTransport(["/": [.failure(.connect)], "/health": [.failure(.connect)]])
    private let api = "https://api.example.com"

    private func guarded(_ kind: GuardedPlace.Kind = .provider) -> GuardedTransport {
        GuardedTransport(script, kind: kind, time: time, generator: SeededGenerator(seed: 5))
    }

    private func call(_ transport: GuardedTransport, _ url: String) async {
        _ = try? await transport.send(HTTPRequest(url: url, totalTimeout: .seconds(1)))
    }

    @Test("a place that was open at the crash lets nothing through until its time, however often it is started")
    func crashLoop() async throws {
        let first = guarded()
        for _ in 0..<5 { await call(first, api + "/") }
        let place = try #require(GuardedPlace(api))
        guard case .open(let until, _, 1) = first.state(of: place) else {
            Issue.record("\(first.state(of: place))")
            return
        }
        var records = first.records()
        #expect(records.map(\.place) == [api])
        for _ in 0..<20 {
            time.advance(by: .seconds(1))
            let next = guarded()
            #expect(next.restore(records).isEmpty)
            #expect(next.state(of: place) == first.state(of: place))
            for _ in 0..<3 { await call(next, api + "/") }
            records = next.records()
        }
        #expect(script.requests.count == 5)

        time.advance(by: time.now.instant.duration(to: until))
        let last = guarded()
        _ = last.restore(records)
        #expect(last.standing(of: Self.link).state == .halfOpen)
        for _ in 0..<3 { await call(last, api + "/") }
        #expect(script.requests.count == 6)
        // Its openings count on: the second lasts twice as long.
        guard case .open(let again, _, 2) = last.state(of: place) else {
            Issue.record("\(last.state(of: place))")
            return
        }
        #expect(until.duration(to: again) >= .seconds(48))
    }

    private static let link = Link(
        target: .github(GitHubTarget(owner: "o", repository: "r", baseURL: "https://api.example.com/v3")))

    @Test("a link stands as the worst of its places")
    func standing() async throws {
        let transport = guarded()
        #expect(transport.standing(of: Self.link).state == .closed)
        for _ in 0..<5 { await call(transport, api + "/") }
        let standing = transport.standing(of: Self.link)
        #expect(standing.place?.description == api)
        #expect(standing.heldUntil.map { $0 > time.now.instant } == true)
    }

    @Test("texts of another kind of guard, and foreign ones, are given back; what is well is taken")
    func foreign() throws {
        let record = CircuitBreaker.Record(
            openingCount: 1,
            opening: CircuitBreaker.Record.Opening(until: time.now.instant + .seconds(20), reason: .slow))
        let records = [
            ("https://w.example/health", record), ("https://w.example", record), ("nonsense", record),
            ("https://w.example/old", CircuitBreaker.Record()),
        ]
        let services = guarded(.service)
        #expect(
            Set(services.restore(records)) == ["https://w.example", "nonsense", "https://w.example/old"])
        #expect(services.records().map(\.place) == ["https://w.example/health"])
        let worker = Link(target: .service(ServiceTarget(name: "w", url: "https://w.example/health")))
        #expect(services.standing(of: worker).heldUntil == time.now.instant + .seconds(20))
        #expect(guarded().restore([("https://w.example/health", record)]) == ["https://w.example/health"])
    }
}

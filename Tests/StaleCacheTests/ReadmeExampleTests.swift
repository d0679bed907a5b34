import FoundationEssentials
import StaleCache
import Testing

// The example begins here.
struct WeatherDesk: Sendable {
    let temperature: @Sendable (_ city: String) async throws -> Double

    private let cache = StaleCache<String, Double>(
        StaleCacheConfiguration(timeToLive: .seconds(60), capacity: 500))

    init(temperature: @escaping @Sendable (_ city: String) async throws -> Double) {
        self.temperature = temperature
    }

    /// For a task group of the owner: tidies the cache until it is cancelled.
    func run() async throws { try await cache.run() }

    func report(on city: String) async -> String {
        let answer = await cache.valueOrStale(for: city, fetch: { try await temperature(city) }, fallback: .nan)
        return switch answer.source {
        case .fresh, .cached: "\(city): \(answer.value)"
        case .stale(let error): "\(city): \(answer.value) some time ago (\(error.code))"
        case .fallback(let error): "\(city): unknown (\(error.code))"
        }
    }

    /// What was measured until now is no longer the truth.
    func stationMoved(in city: String) async { await cache.invalidate(city) }
}
// The example ends here.

@Suite(.timeLimit(.minutes(1))) struct ReadmeExampleTests {
    @Test("the example of the documentation does what it says")
    func example() async {
        let desk = WeatherDesk { city in
            if city == "Atlantis" { throw FetchError.refused }
            return 21.5
        }
        #expect(await desk.report(on: "Rome") == "Rome: 21.5")
        await desk.stationMoved(in: "Rome")
        #expect(await desk.report(on: "Rome") == "Rome: 21.5")
        #expect(await desk.report(on: "Atlantis") == "Atlantis: unknown (fetchFailed)")
    }

    @Test("the documentation shows the example word for word")
    func wordForWord() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let example = try #require(
            source.split(separator: "// The example begins here.\n").last?.split(separator: "// The example ends").first
        )
        let root = try #require(#filePath.split(separator: "Tests/StaleCacheTests").first)
        let documentation = try String(contentsOfFile: "\(root)docs/stale-cache.md", encoding: .utf8)
        #expect(documentation.contains(example))
    }
}

import StaleCache
import Testing

@Suite struct StaleCacheErrorTests {
    private struct Leaky: Error, CustomStringConvertible, CustomDebugStringConvertible {
        let description = "token=hunter2"
        let debugDescription = "token=hunter2"
    }

    @Test("a description is safe to log; what the upstream said shows in the debug description alone")
    func descriptions() async throws {
        let cache = StaleCache<String, Int>()
        let error = try #require(
            await #expect(throws: StaleCacheError.self) { try await cache.value(for: "a") { throw Leaky() } })
        #expect("\(error)" == "fetchFailed: The fetch failed.")
        #expect(String(reflecting: error).contains("hunter2"))
    }

    @Test("a code is named as it is written")
    func codes() {
        let codes: [StaleCacheError.Code] = [.fetchFailed, .setFailed, .getFailed, .cleanupFailed, .retryExhausted]
        #expect(
            codes.map(\.description) == ["fetchFailed", "setFailed", "getFailed", "cleanupFailed", "retryExhausted"])
    }
}

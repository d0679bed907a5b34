import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import TelltaleServer
import TestSupport
import Testing

@Suite("The log of the circuit breakers", .timeLimit(.minutes(1)))
struct BreakerLogTests {
    /// A host that is down until told.
    private struct Host: HTTPTransport {
        let isUp: Bool

        func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
            guard isUp else { throw HTTPClientError(kind: .connect, detail: "") }
            return HTTPResponse(status: 200)
        }
    }

    @Test("a host that is left alone is a warning with its name, the state and the reason, and nothing of the request")
    func opened() async throws {
        let sink = RecordingLogSink()
        let log = BreakerLog(logger: Logger(sink: sink, clock: { UnixTime(seconds: 0) }), upstream: "vercel")
        let transport = GuardedTransport(Host(isUp: false), time: ManualTime()) { log.changed($0) }
        for _ in 0..<7 {
            _ = try? await transport.send(HTTPRequest(url: "https://api.example.com/secret?token=secret"))
        }
        let record = try #require(sink.records.first)
        #expect(sink.records.count == 1)
        #expect(record.level == .warning)
        #expect(
            record.fields == [
                .text("provider", "vercel"), .text("host", "api.example.com"), .circuitBreakerState("open"),
                .text("reason", "failures"), .number("openings", 1),
            ])
    }
}

import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A provider's status page", .timeLimit(.minutes(2)))
    struct StatusPageTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("a server error is an outage once the provider's status page agrees, and never before")
        func statusPage() async throws {
            let page = "\(stage.simulator.url)/statuspage/github"
            let daemon = try await stage.startDaemon(
                more: "statusPages: { github: \"\(page)/api/v2/summary.json\" },")
            try await stage.simulator.command(
                "POST", "statuspage/github/incidents",
                #"{"name":"Errors in the API","impact":"major","components":["API Requests"]}"#)
            _ = try await daemon.client().status(of: .shop)
            #expect(try await stage.simulator.requests.count(of: "/statuspage/github/api/v2/summary.json") == 0)
            try await stage.simulator.inject(#"{"kind":"status","status":500,"provider":"github"}"#)
            let item = try #require(try await daemon.client().refresh(.shop).envelope?.items[0])
            #expect(item.status == .connected && item.stale)
            #expect(item.problem?.code == .providerOutage)
            #expect(item.problem?.cause == .provider)
            #expect(item.problem?.hint.contains("“Errors in the API” (\(page))") == true, "\(item.problem?.hint ?? "")")
            #expect(try await stage.simulator.requests.count(of: "/statuspage/github/api/v2/summary.json") == 1)
            try await stage.simulator.clearFaults()
            #expect(try await daemon.client().refresh(.shop).envelope?.items[0].problem == nil)
        }
    }
}

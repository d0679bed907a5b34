import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A status, from GitHub to the client", .timeLimit(.minutes(2)))
    struct StatusTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("the first answer is complete within the 400 ms that a first read waits")
        func firstAnswer() async throws {
            let daemon = try await stage.startDaemon()
            let answer = try await daemon.client().status(of: .shop)
            #expect(answer.source == .fetched)
            let envelope = try #require(answer.envelope)
            #expect(envelope.items.map(\.key) == ProviderKey.allCases.map { .provider($0) })
            #expect(envelope.overall == .connected)
            #expect(!envelope.isStale)
            #expect(!envelope.hash.isEmpty && envelope.hash == answer.hash)
            let github = envelope.items[0]
            #expect(github.status == .connected)
            #expect(github.label == "acme/shop")
            #expect(github.summary.hasPrefix("Linked to main · Last push "))
            #expect(github.summary.hasSuffix("m ago"))
            #expect(github.problem == nil)
            for item in envelope.items.dropFirst() {
                #expect(!item.configured && item.configuredReason == .notLinked)
            }
        }

        @Test("who holds the newest digest is told so, and sent no envelope")
        func notModified() async throws {
            let client = try await stage.startDaemon().client()
            let first = try await client.status(of: .shop)
            let second = try await client.status(of: .shop, ifNoneMatch: first.hash)
            #expect(second.notModified)
            #expect(second.envelope == nil)
            #expect(second.hash == first.hash)
        }

        @Test("the digest of the same facts is the same from another daemon")
        func digest() async throws {
            let first = try await stage.startDaemon()
            let before = try await first.client().status(of: .shop).hash
            first.process.send(SIGTERM)
            try await first.process.finish()
            let second = try await stage.startDaemon()
            #expect(try await second.client().status(of: .shop).hash == before)
        }

        @Test("500 callers of a stale value cause one request to GitHub")
        func stampede() async throws {
            let daemon = try await stage.startDaemon()
            let clients = (0..<8).map { _ in daemon.client() }
            _ = try await clients[0].status(of: .shop)
            try await stage.simulator.forgetRequests()
            // Long enough for all of them to come while the one request runs.
            try await stage.simulator.inject(#"{"kind":"latency","delay_ms":1000}"#)
            try await clients[0].invalidate(.shop)
            try await stage.simulator.waitForRequests(1)
            let sources = try await withThrowingTaskGroup(of: AnswerSource.self) { group in
                for index in 0..<500 {
                    let client = clients[index % clients.count]
                    // Every other one would wait for what is newer.
                    let mode: ReadingMode = index / clients.count % 2 == 0 ? .cached : .preferFresh
                    group.addTask { try await client.status(of: .shop, mode: mode).source }
                }
                return try await group.reduce(into: [AnswerSource: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(sources.values.reduce(0, +) == 500)
            #expect(sources[.stale, default: 0] > 0 && sources[.collapsed, default: 0] > 0, "\(sources)")
            // Everybody who waited has an answer, so the refresh is over.
            let requests = try await stage.simulator.requests
            #expect(requests.total == 1)
            #expect(requests.count(of: "/repos/acme/shop") == 1)
        }

        @Test("500 callers of a project that was never read cause one read of it")
        func coldStampede() async throws {
            let daemon = try await stage.startDaemon(refresh: Refresh.onDemand + #", firstWait: "2s""#)
            let clients = (0..<8).map { _ in daemon.client() }
            let hashes = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<500 {
                    group.addTask { try await clients[index % clients.count].status(of: .shop).hash }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(hashes.count == 1)
            #expect(try await stage.simulator.requests.count(of: "/repos/acme/shop") == 1)
        }
    }
}

import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A provider in trouble", .timeLimit(.minutes(2)))
    struct OutageTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// Far below the 2.5 s that a read of a provider may take, and far above what an answer from memory takes, even on a
        /// machine that builds at the same time.
        static let atOnce = Duration.seconds(1)

        @Test("a provider that is gone leaves the last answer with its age and the problem, and trouble ends by itself")
        func outage() async throws {
            let daemon = try await stage.startDaemon(refresh: Refresh.eagerly)
            let client = daemon.client()
            let before = try #require(try await client.status(of: .shop).envelope?.items[0])
            var watch = client.watch(projects: [.shop]).makeAsyncIterator()

            try await stage.simulator.stop()
            let troubled = try #require(try await nextItem(of: &watch) { $0.problem != nil })
            #expect(troubled.status == .connected)
            #expect(troubled.stale)
            let clock = ContinuousClock()
            var answer: StatusAnswer?
            #expect(try await clock.measure { answer = try await client.status(of: .shop) } < Self.atOnce)
            let item = try #require(answer?.envelope?.items[0])
            #expect(try #require(answer?.age) > .zero)
            #expect(item.status == before.status && item.label == before.label)
            #expect(item.stale)
            let problem = try #require(item.problem)
            #expect(problem.code == .network)
            #expect(problem.cause == .provider)
            #expect(!problem.hint.isEmpty)
            #expect(problem.nextAttemptAt != nil && problem.attempts > 0)
            let text = try await daemon.run("status", "shop")
            #expect(text.ending == .exited(0))
            #expect(text.output.contains("(network)") && text.output.contains("last answer"), "\(text.output)")

            let revived = try await RunningSimulator(in: stage.directory, port: stage.simulator.port)
            let healed = try #require(try await nextItem(of: &watch) { $0.problem == nil })
            #expect(healed.status == .connected && !healed.stale)
            // The next attempt found it healed; another may have been made until this looks.
            #expect((1...2).contains(try await revived.requests.count(of: "/repos/acme/shop")))
            #expect(try await client.status(of: .shop).envelope?.items[0].problem == nil)
        }

        @Test("a provider that hangs delays nobody: what is known is told at once, what is not is being checked")
        func hanging() async throws {
            for name in ["slow", "unread"] { try await stage.simulator.setRepository("acme/\(name)") }
            let projects = ["shop", "slow", "unread"].map {
                #"\#($0): { github: { repo: "acme/\#($0)", api: "$API", credential: "$TOKEN" } }"#
            }
            let client = try await stage.startDaemon(projects: projects.joined(separator: ",\n")).client()
            let slow = ProjectID(known: "slow")
            _ = try await client.status(of: slow)
            for name in ["slow", "unread"] {
                try await stage.simulator.inject(#"{"kind":"hang","path_prefix":"/repos/acme/\#(name)"}"#)
            }
            try await client.invalidate(slow)
            try await stage.simulator.waitForRequests(3)

            let clock = ContinuousClock()
            var (cached, checking, fetched): (StatusAnswer?, StatusAnswer?, StatusAnswer?)
            #expect(try await clock.measure { cached = try await client.status(of: slow) } < Self.atOnce)
            #expect(cached?.source == .stale && cached?.isRefreshing == true)
            #expect(cached?.envelope?.items[0].status == .connected)
            let contract = ReadersContract(maxWait: .milliseconds(200))
            let wait = try await clock.measure {
                checking = try await client.status(of: ProjectID(known: "unread"), contract: contract)
            }
            #expect(wait >= .milliseconds(200) && wait < .milliseconds(200) + Self.atOnce)
            #expect(checking?.source == .checking && checking?.isRefreshing == true)
            #expect(checking?.envelope?.items.count == 4)
            fetched = try await client.status(of: .shop)
            #expect(fetched?.source == .fetched)
            #expect(fetched?.envelope?.overall == .connected)
        }

        @Test("a read that hangs ends with its deadline, as a problem beside the last answer")
        func deadline() async throws {
            let client = try await stage.startDaemon(refresh: Refresh.onDemand + #", deadline: "500ms""#).client()
            _ = try await client.status(of: .shop)
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            let item = try #require(try await client.refresh(.shop).envelope?.items[0])
            #expect(item.problem?.code == .timeout)
            #expect(item.status == .connected && item.stale)
        }

        @Test("refreshes are conditional: what has not changed costs nothing of the rate limit")
        func conditional() async throws {
            let client = try await stage.startDaemon().client()
            _ = try await client.status(of: .shop)
            try await stage.simulator.forgetRequests()
            for _ in 0..<3 {
                let answer = try await client.refresh(.shop)
                #expect(answer.envelope?.items[0].status == .connected)
                #expect(answer.envelope?.items[0].problem == nil)
            }
            let requests = try await stage.simulator.requests
            #expect(requests.total == 3)
            #expect(requests.conditionalHits == 3)
        }

        @Test("a rate limit leaves the status as it was, and nobody asks before it is over")
        func rateLimit() async throws {
            let client = try await stage.startDaemon(refresh: Refresh.eagerly).client()
            let before = try #require(try await client.status(of: .shop).envelope)
            var watch = client.watch(projects: [.shop]).makeAsyncIterator()
            let clock = ContinuousClock()
            let start = clock.now
            try await stage.simulator.reachLimit(seconds: 4)
            let limited = try #require(try await nextItem(of: &watch) { $0.problem != nil })
            #expect(limited.status == before.items[0].status && limited.summary == before.items[0].summary)
            #expect(limited.problem?.code == .rateLimited)
            #expect(limited.problem?.cause == .throttled)
            #expect(limited.problem?.retryAfter != nil)

            // Whatever a reader asks for, GitHub is left alone.
            let asked = try await stage.simulator.requests.total
            _ = try await client.status(of: .shop, contract: ReadersContract(maxWait: .milliseconds(100)), mode: .force)
            try await client.invalidate(.shop)
            _ = try await client.status(
                of: .shop, contract: ReadersContract(maxAge: .zero, maxWait: .milliseconds(100)))
            #expect(try await stage.simulator.requests.total == asked)

            let healed = try #require(try await nextItem(of: &watch) { $0.problem == nil })
            #expect(healed.status == .connected)
            // The reset is told in whole seconds.
            #expect(start.duration(to: clock.now) > .seconds(3))
            #expect(try await stage.simulator.requests.total == asked + 1)
        }

        /// The project's GitHub item in the next update that says what is wanted.
        private func nextItem(
            of watch: inout StatusUpdates.AsyncIterator, where isWanted: (IntegrationStatus) -> Bool
        ) async throws -> IntegrationStatus? {
            while let update = try await watch.next() {
                switch update {
                case .snapshot(let envelope, _): if isWanted(envelope.items[0]) { return envelope.items[0] }
                case .event(let event): if let item = event.items.first(where: isWanted) { return item }
                case .heartbeat, .reset, .connection: continue
                }
            }
            return nil
        }
    }
}

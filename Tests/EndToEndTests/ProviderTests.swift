import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("All the providers", .timeLimit(.minutes(2)))
    struct ProviderTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        private static let pagesOff = "statusPages: { enabled: false },"

        /// What a read of everything comes to, once it is all known.
        private func settledEnvelope(_ client: TelltaleClient) async throws -> StatusEnvelope {
            for _ in 0..<20 {
                let answer = try await client.status(
                    of: .shop, contract: ReadersContract(maxWait: .seconds(5)), mode: .preferFresh)
                if let envelope = answer.envelope,
                    !(envelope.items + envelope.services).contains(where: { $0.freshness == .never })
                {
                    return envelope
                }
            }
            return try #require(try await client.status(of: .shop).envelope)
        }

        @Test("four providers and two services: one has failed in production, one is asleep, the others are fine")
        func everything() async throws {
            let client = try await stage.startDaemon(projects: Stage.everything, more: Self.pagesOff).client()
            let envelope = try await settledEnvelope(client)
            #expect(envelope.items.map(\.status) == [.connected, .warning, .connected, .connected])
            #expect(envelope.services.map(\.key.description) == ["service:nightly", "service:worker"])
            #expect(envelope.services.map(\.status) == [.warning, .connected])
            #expect(envelope.services[0].problem?.code == .sleeping)
            #expect(envelope.overall == .warning)

            let vercel = envelope.items[1]
            #expect(Set(vercel.environments.map(\.name)).isSuperset(of: ["production", "preview"]))
            #expect(vercel.environments.first { $0.name == "production" }?.status != .connected)
            let supabase = envelope.items[3]
            #expect(supabase.samples > 0 && supabase.latency != nil)
            #expect(supabase.summary.contains("avg"))
            #expect(envelope.services[1].samples > 0)
        }

        @Test("a dead secret is refused, and a good one put in its place is tried within a second")
        func replacedSecret() async throws {
            let daemon = try await stage.startDaemon(projects: Stage.everything, more: Self.pagesOff)
            let client = daemon.client()
            let good = try await settledEnvelope(client)
            #expect(good.items[2].status == .connected)
            try stage.directory.write("revoked", to: "sanity")
            let refused = try await client.refresh(.shop)
            #expect(refused.envelope?.items[2].status == .error)
            #expect(refused.envelope?.items[2].problem?.code == .oauthRevoked)
            #expect(refused.envelope?.items[2].problem?.nextAttemptAt == nil)

            let clock = ContinuousClock()
            let replaced = clock.now
            try stage.directory.write("sim-sanity-token", to: "sanity")
            while try await client.status(of: .shop).envelope?.items[2].status != .connected {}
            // Twice a second it is looked at; the rest is for a machine that does other things as well.
            #expect(replaced.duration(to: clock.now) < .seconds(3))
        }

        @Test(
            "one provider that hangs leaves the others answered in time", arguments: ["vercel", "sanity", "supabase"])
        func oneHangs(provider: String) async throws {
            try await stage.simulator.inject(#"{"kind":"hang","provider":"\#(provider)"}"#)
            let client = try await stage.startDaemon(projects: Stage.everything, more: Self.pagesOff).client()
            let clock = ContinuousClock()
            let start = clock.now
            let answer = try await client.status(of: .shop)
            #expect(start.duration(to: clock.now) < OutageTests.atOnce)
            let items = try #require(answer.envelope?.items)
            for item in items where item.key.description != provider {
                #expect(item.freshness == .fresh, "\(item.key) is missing")
            }
            #expect(items.first { $0.key.description == provider }?.freshness == .never)
        }

        @Test(
            "Retry-After is obeyed by each provider, however it is asked", arguments: ["vercel", "sanity", "supabase"])
        func retryAfter(provider: String) async throws {
            let client = try await stage.startDaemon(projects: Stage.everything, more: Self.pagesOff).client()
            let before = try await settledEnvelope(client)
            try await stage.simulator.inject(
                #"{"kind":"status","status":429,"retry_after_s":120,"provider":"\#(provider)"}"#)
            let limited = try await client.refresh(.shop)
            let index = try #require(before.items.firstIndex { $0.key.description == provider })
            let item = try #require(limited.envelope?.items[index])
            #expect(item.problem?.code == .rateLimited)
            #expect(item.problem?.cause == .throttled)
            #expect(item.status == before.items[index].status)
            try await stage.simulator.clearFaults()
            try await stage.simulator.forgetRequests()
            for _ in 0..<3 { _ = try await client.refresh(.shop) }
            let asked = try await stage.simulator.requests.requests.filter { $0.path.hasPrefix("/\(provider)/") }
            #expect(asked.isEmpty, "\(provider) was asked before its time: \(asked.map(\.path))")
        }
    }
}

import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

/// What `GetStatus` says beside the envelope: how old, what failed, and whether nobody had asked for long.
@Suite("An answer's own words", .timeLimit(.minutes(1)))
struct HonestAnswerTests {
    private static let days3 = Duration.seconds(72 * 3600)

    @Test("freshness and the newest error stand in every answer, also in one without an envelope")
    func freshnessAndError() async throws {
        try await ServerRig(nil).run { rig in
            let client = try await rig.client()
            async let first = client.status("shop", ReadersContract(maxWait: .zero))
            #expect(try await first.freshness == .never)
            await rig.provider.next()?.succeed()
            await eventually { (try? await client.status().freshness) == .fresh }
            #expect(try await client.status().error == nil)
            rig.provider.follow { _ in .failure(outage) }
            await rig.advance(by: .seconds(100), step: .seconds(5))
            // Repeated, so that the prepared answer is met as well.
            for _ in 0..<3 {
                let answer = try await client.status()
                #expect(answer.freshness == .ageing)
                #expect(answer.error?.code == .providerOutage)
                #expect(answer.error == answer.envelope?.lastRefreshError)
                let same = try await client.status(ifNoneMatch: answer.hash)
                #expect(same.notModified)
                #expect((same.freshness, same.error) == (answer.freshness, answer.error))
            }
            rig.provider.follow { .success($0.reading()) }
            await rig.advance(by: .seconds(20))
            #expect(try await client.status().error == nil)
        }
    }

    @Test("an error is redacted as the view's is")
    func redactedError() async throws {
        try await ServerRig({ _ in .failure(outage) }).run { rig in
            let owner = try await rig.client()
            let viewer = try await rig.client(.viewer)
            _ = try await owner.status("shop", ReadersContract(maxWait: .seconds(1)))
            #expect(try await owner.status().error?.message == "Wait until it is over.")
            #expect(try await viewer.status().error?.message == ProblemCode.providerOutage.genericHint)
        }
    }

    @Test("the first read after 72 h says that it resumes the refresh, those after it do not, and no other ever does")
    func resumed() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            #expect(try await !client.status().isResumed, "nothing was known, so nothing had stopped")
            for _ in 0..<3 { #expect(try await !client.status().isResumed) }
            rig.time.advance(by: Self.days3 - .seconds(1))
            #expect(try await !client.status().isResumed)
            // Or what it started may be answered after the advance.
            await rig.settle()
            rig.time.advance(by: Self.days3)
            // The same request as before, which was prepared then.
            let answer = try await client.status()
            #expect(answer.isResumed)
            #expect(answer.source == .stale && answer.isRefreshing && answer.freshness == .old)
            for _ in 0..<3 { #expect(try await !client.status().isResumed) }
            await eventually { (try? await client.status().source) == .hit }
        }
    }

    @Test("also a reader who waits gets to know it")
    func resumedWaiting() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            rig.time.advance(by: Self.days3 + .seconds(1))
            let answer = try await client.status("shop", ReadersContract(), .preferFresh)
            #expect(answer.isResumed)
            #expect(answer.source == .fetched)
        }
    }

    @Test("a prepared answer does not hide it, even where a project is forgotten before its time to live is over")
    func preparedAnswer() async throws {
        let rig = try ServerRig(configure: { $0.refresh.forgottenAfter = .seconds(5) })
        try await rig.run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            for _ in 0..<3 { #expect(try await client.status().source == .hit) }
            rig.time.advance(by: .seconds(6))
            let answer = try await client.status()
            #expect(answer.source == .hit)
            #expect(answer.isResumed)
            #expect(try await !client.status().isResumed)
        }
    }

    @Test("a restart is no reason to be resumed, 72 h without a reader are")
    func restored() async throws {
        let (store, time) = (MemoryStore(), ManualTime())
        try await ServerRig(store: store, time: time).run { rig in _ = try await rig.client().status() }
        try await ServerRig(store: store, time: time).run { rig in
            let answer = try await rig.client().status()
            #expect(!answer.isResumed)
        }
        time.advance(by: .seconds(73 * 3_600))
        try await ServerRig(store: store, time: time).run { rig in
            let client = try await rig.client()
            #expect(try await client.status().isResumed)
            #expect(try await !client.status().isResumed)
        }
    }

    @Test("what is watched is not forgotten, however long nobody reads it")
    func watched() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            let entry = try #require(rig.entry())
            rig.engine.watchOpened([entry])
            rig.time.advance(by: Self.days3 * 2)
            #expect(try await !client.status().isResumed)
            rig.engine.watchClosed([entry])
        }
    }
}

import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Failing providers", .timeLimit(.minutes(1)))
struct FailureTests {
    /// A project that was read well once.
    private func opened(_ body: (EngineRig) async throws -> Void) async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            _ = await rig.read()
            try await body(rig)
        }
    }

    @Test("a failed refresh keeps the last value, with the failure and its history beside it")
    func keepsLast() async throws {
        try await opened { rig in
            rig.provider.follow { _ in .failure(failure()) }
            await rig.advance(by: .seconds(15))
            let since = rig.time.now.wall
            await rig.advance(by: .seconds(45))
            let item = try #require(rig.item())
            #expect(item.status == .connected)
            #expect(item.summary == "Linked to main")
            #expect(item.stale)
            #expect(item.problem?.code == .network)
            #expect(item.problem?.firstSeenAt == since)
            #expect(item.problem?.attempts == 4)
            #expect(item.problem?.nextAttemptAt == rig.time.now.wall.advanced(by: .seconds(15)))
            #expect(rig.view()?.age(at: rig.time.now.instant) == .seconds(60))
            #expect(rig.view()?.envelope.lastRefreshAttempt?.outcome == .failed)

            rig.provider.follow { .success($0.reading()) }
            await rig.advance(by: .seconds(15))
            #expect(rig.item()?.problem == nil)
            #expect(rig.item()?.stale == false)
            #expect(rig.view()?.envelope.lastRefreshError == nil)
        }
    }

    @Test("nobody reads a provider that throttles us before the time it named, however it is asked")
    func throttled() async throws {
        try await opened { rig in
            let until = rig.time.now.wall.advanced(by: .seconds(135))
            rig.provider.follow { _ in .failure(failure(.rateLimited, cause: .throttled, retryAfter: until)) }
            await rig.advance(by: .seconds(15))
            #expect(rig.provider.readCount == 2)
            rig.provider.follow { .success($0.reading()) }
            for _ in 0..<119 {
                await rig.advance(by: .seconds(1))
                _ = await rig.read(mode: .force)
                _ = await rig.engine.invalidate(try #require(ProjectID("shop")), keys: [])
                rig.glance(everything: true)
            }
            #expect(rig.provider.readCount == 2)
            #expect(rig.item()?.status == .connected)
            // At the named instant and within a second after it.
            await rig.advance(by: .seconds(2))
            #expect(rig.provider.readCount == 3)
            #expect(rig.item()?.problem == nil)
        }
    }

    @Test(
        "a refusal is asked again after 15 minutes, and what does not exist after one",
        arguments: [(ProblemCode.oauthRevoked, 900), (.notFound, 60)])
    func refused(code: ProblemCode, seconds: Int) async throws {
        try await opened { rig in
            rig.provider.follow { _ in .failure(failure(code, cause: .refused, .replaces)) }
            await rig.advance(by: .seconds(15))
            #expect(rig.provider.readCount == 2)
            #expect(rig.item()?.status == .error)
            await rig.advance(by: .seconds(seconds - 1), step: .seconds(60))
            rig.glance()
            await rig.settle()
            #expect(rig.provider.readCount == 2)
            rig.time.advance(by: .seconds(1))
            rig.glance()
            await eventually { rig.provider.readCount == 3 }
        }
    }

    @Test("a refusal is read at once by whoever forces it, for the credential may have been mended")
    func forcedRefusal() async throws {
        try await opened { rig in
            rig.provider.follow { _ in .failure(failure(.oauthRevoked, cause: .refused, .replaces)) }
            await rig.advance(by: .seconds(15))
            rig.provider.follow { .success($0.reading()) }
            rig.time.advance(by: .seconds(1))
            _ = await rig.read(mode: .force)
            #expect(rig.item()?.status == .connected)
        }
    }

    @Test("retries stay within the adapter's deadline and tell what they met")
    func retries() async throws {
        let rig = EngineRig({ _ in .failure(failure(isRetryable: true)) }) { $0.retriesMax = 10 }
        try await rig.run { rig in
            async let read = rig.read()
            await rig.advance(by: .seconds(3), step: .milliseconds(50))
            _ = await read
            #expect(rig.item()?.problem?.code == .network)
            #expect(rig.provider.readCount > 1)
            // Three without any earlier first try, and a fifth of one.
            #expect(rig.provider.readCount <= 4)
            #expect(rig.provider.requests.allSatisfy { $0.now.instant < $0.deadline })
        }
    }

    @Test("one refresh makes three attempts and no more, at moments that are drawn")
    func behaviour26_aRefreshMakesThreeAttempts() async throws {
        let rig = EngineRig { _ in .failure(failure(isRetryable: true)) }
        try await rig.run { rig in
            async let read = rig.read()
            await rig.advance(by: .seconds(3), step: .milliseconds(10))
            _ = await read
            let starts = rig.provider.requests.map(\.now.instant)
            try #require(starts.count == 3)
            #expect(starts[0].duration(to: starts[1]) <= .milliseconds(110))
            #expect(starts[1].duration(to: starts[2]) <= .milliseconds(210))
        }
    }

    @Test("retries are at most a fifth of first tries, and three")
    func behaviour26_retriesAreAFifthOfFirstTries() async throws {
        let rig = EngineRig { _ in .failure(failure(isRetryable: true)) }
        try await rig.run { rig in
            rig.engine.watchOpened(nil)
            await rig.advance(by: .seconds(590), step: .milliseconds(2_500))
            // One first try in each 15 s, and a little for what its retries take.
            let firstTries = Set(rig.provider.requests.map(\.deadline)).count
            #expect(firstTries > 30)
            #expect(rig.provider.readCount - firstTries <= firstTries / 5 + 3)
            #expect(rig.provider.readCount > firstTries)
            let attempts = Dictionary(grouping: rig.provider.requests, by: \.deadline).mapValues(\.count)
            #expect(attempts.values.allSatisfy { $0 <= 3 })
        }
    }

    @Test(
        "a provider counts as unreachable after three failures over all projects, and again reachable after one answer")
    func reachability() async throws {
        try await EngineRig { _ in .failure(failure()) }.run(["a", "b", "c"].map { project($0) }) { rig in
            _ = await rig.read("a")
            _ = await rig.read("b")
            #expect(rig.engine.reachability.isReachable(.github))
            _ = await rig.read("c")
            #expect(!rig.engine.reachability.isReachable(.github))
            rig.provider.follow { _ in .failure(failure(.oauthRevoked, cause: .refused, .replaces)) }
            rig.time.advance(by: .seconds(15))
            _ = await rig.read("a")
            #expect(rig.engine.reachability.isReachable(.github))
        }
    }

    @Test("a mistake in our own configuration says nothing of the provider")
    func ownFault() async throws {
        try await EngineRig { _ in .failure(failure(.misconfigured, cause: .host)) }.run { rig in
            for _ in 0..<5 {
                _ = await rig.read(mode: .force)
                rig.time.advance(by: .seconds(16))
            }
            // The engine's own read of the same instant may come before the reader's.
            #expect(rig.provider.readCount >= 5)
            #expect(rig.engine.reachability.isReachable(.github))
        }
    }

    @Test("what a read has met is its trouble, and not that the breaker then held its retry back")
    func heldRetry() async throws {
        try await EngineRig().run { rig in
            rig.provider.follow { _ in
                var held = failure(.providerOutage)
                held.heldUntil = rig.time.now.wall.advanced(by: .seconds(30))
                return .failure(rig.provider.readCount == 1 ? failure(.timeout, isRetryable: true) : held)
            }
            async let read = rig.read()
            await rig.advance(by: .seconds(3), step: .milliseconds(50))
            _ = await read
            #expect(rig.provider.readCount == 2)
            #expect(rig.item()?.problem?.code == .timeout)
        }
    }
}

import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TestSupport
import Testing

@Suite("Reported runs", .timeLimit(.minutes(1)))
struct RunTests {
    private let shop = project("shop").id

    private func report(
        _ id: String = "", _ kind: RunKind = .smokeTests, _ results: [RunResult] = [passed()],
        of project: String = "shop"
    ) throws -> RunReport {
        RunReport(projectID: try #require(ProjectID(project)), kind: kind, results: results, runID: id)
    }

    private static func passed(_ key: ItemKey? = EngineRig.github) -> RunResult {
        RunResult(name: "home", key: key, passed: true, latency: .milliseconds(40))
    }

    /// The events of runs that a role sees.
    private func runEvents(_ rig: EngineRig, role: Role = .owner) throws -> [StatusEvent] {
        guard case .events(let entries) = rig.journal.events(after: EventID(epoch: 7, sequence: 0), limit: 5_000)
        else { return [] }
        return try entries.compactMap { $0.event.bytes(for: role) }.compactMap { bytes in
            guard case .event(let event) = try WatchMessage(decoding: bytes, in: MessageArena()) else { return nil }
            return event.kind == "run:finished" ? event : nil
        }
    }

    private func storeError(_ body: () async throws -> Void) async -> StoreError? {
        do {
            try await body()
            return nil
        } catch { return error as? StoreError }
    }

    @Test("a run shows, is told of, and is on the disk by the time it is answered")
    func reported() async throws {
        let store = MemoryStore()
        try await EngineRig({ .success($0.reading()) }, store: store).run { rig in
            let receipt = try #require(await rig.report(report("ci-1")))
            #expect(!receipt.isDuplicate)
            let kept = try #require(await store.run("ci-1", of: shop, kind: "smoke_tests"))
            #expect(kept.event == receipt.event)
            #expect(kept.keys == [EngineRig.github])
            let items = try await store.load().items
            #expect(items.map(\.record.runLatencies) == [[.milliseconds(40)]])

            let now = rig.time.now.wall
            #expect(rig.view()?.envelope.lastRuns == [RunRecord(kind: "smoke_tests", at: now, passed: true)])
            #expect(rig.item()?.lastRunAt == now)
            #expect(rig.item()?.samples == 1)
            let event = try #require(try runEvents(rig).first)
            #expect(event.id == receipt.event)
            #expect(event.message == "Smoke tests passed: 1 check")
            #expect(event.hash == rig.view()?.envelope.hash)
            #expect(event.revision == rig.view()?.envelope.revision)
        }
    }

    @Test("a run counts once however often it is reported, also after a restart; another kind is another run")
    func duplicate() async throws {
        let store = MemoryStore()
        let first = EngineRig({ .success($0.reading()) }, store: store)
        var event: EventID?
        try await first.run { rig in
            let receipt = try #require(await rig.report(report("ci-1")))
            event = receipt.event
            let snapshot = rig.entry()?.snapshot
            #expect(try await rig.report(report("ci-1")) == RunReceipt(event: event, isDuplicate: true))
            #expect(rig.entry()?.snapshot == snapshot)
            #expect(try runEvents(rig).count == 1)
        }
        try await EngineRig({ .success($0.reading()) }, store: store).run { rig in
            #expect(rig.view()?.envelope.lastRuns.count == 1)
            #expect(rig.item()?.lastRunAt == first.time.now.wall)
            #expect(rig.item()?.samples == 1)
            let again = try await rig.report(report("ci-1"))
            #expect(again == RunReceipt(event: event, isDuplicate: true))
            let other = try await rig.report(report("ci-1", .diagnostics))
            #expect(other?.isDuplicate == false)
            #expect(rig.view()?.envelope.lastRuns.count == 2)
        }
    }

    @Test("a run without an id is never a duplicate")
    func unnamed() async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            for _ in 0..<3 {
                let receipt = try await rig.report(report())
                #expect(receipt?.isDuplicate == false)
            }
            #expect(rig.item()?.samples == 3)
        }
    }

    @Test("of a run that is reported by many at once one counts, however old the store's answers are")
    func race() async throws {
        let store = HeldStore()
        try await EngineRig({ .success($0.reading()) }, store: store).run { rig in
            let report = try report("ci-1")
            store.hold()
            // These asked the store before the run was there.
            let early = (0..<8).map { _ in Task { try await rig.report(report) } }
            await eventually { store.heldCount == 8 }
            store.holdNoMore()
            let receipt = try #require(await rig.report(report))
            #expect(!receipt.isDuplicate)
            store.release()
            for task in early {
                #expect(try await task.value == RunReceipt(event: receipt.event, isDuplicate: true))
            }
            #expect(rig.item()?.samples == 1)
            #expect(try await store.keptRuns().count == 1)
            // What is durable and asked for by nobody is the store's to know.
            #expect(try await rig.report(report)?.isDuplicate == true)
        }
    }

    @Test("a run that the store refuses shows, is not acknowledged, and counts once when it is reported again")
    func refused() async throws {
        let store = HeldStore()
        try await EngineRig({ .success($0.reading()) }, store: store).run { rig in
            store.refuse()
            for _ in 0..<3 {
                let error = await storeError { _ = try await rig.report(report("ci-1")) }
                #expect(error == HeldStore.full)
                #expect(!rig.engine.isPersisting)
                #expect(rig.item()?.samples == 1)
            }
            let event = try #require(try runEvents(rig).first)
            #expect(try runEvents(rig).count == 1)
            #expect(try await store.keptRuns().isEmpty)
            store.refuse(nil)
            // It may take the engine a moment to try the store again.
            var receipt: RunReceipt?
            await eventually {
                rig.time.advance(by: .seconds(1))
                receipt = try? await rig.report(report("ci-1"))
                return receipt != nil
            }
            #expect(receipt == RunReceipt(event: event.id, isDuplicate: true))
            #expect(try await store.keptRuns().map(\.event) == [event.id])
            await eventually { rig.engine.isPersisting }
        }
    }

    @Test("a store that keeps nothing holds a bounded number of runs, and takes new ones once it keeps again")
    func bounded() async throws {
        let store = HeldStore()
        try await EngineRig({ .success($0.reading()) }, store: store).run { rig in
            store.refuse()
            for number in 0..<1_030 {
                let name = number.isMultiple(of: 2) ? "" : "ci-\(number)"
                #expect(await storeError { _ = try await rig.report(report(name)) } != nil)
            }
            let count = try runEvents(rig).count
            #expect(count == 1_024)
            store.refuse(nil)
            await eventually {
                rig.time.advance(by: .seconds(1))
                return (try? await rig.report(report("ci-new"))) != nil
            }
            #expect(try runEvents(rig).count == 1_025)
        }
    }

    @Test("what a run touches is read again, within what a reader may force")
    func invalidates() async throws {
        try await EngineRig { .success($0.reading()) }.run([project("shop", [EngineRig.github, EngineRig.vercel])]) {
            rig in
            _ = await rig.read()
            #expect(rig.provider.readCount == 2)
            for _ in 0..<5 { _ = try await rig.report(report()) }
            await rig.advance(by: .seconds(2))
            #expect(rig.provider.readCount == 3)
        }
    }

    @Test("a run has no refused secret tried again")
    func refusal() async throws {
        let refused = failure(.oauthRevoked, cause: .refused, .replaces)
        let rig = EngineRig({ _ in .failure(refused) }, credentials: FakeCredentials())
        try await rig.run([project("shop", credential: FakeCredentials.token)]) { rig in
            _ = await rig.read()
            _ = try await rig.report(report())
            await rig.advance(by: .seconds(3))
            #expect(rig.provider.readCount == 1)
        }
    }

    @Test("a role learns nothing of a run that names what is hidden from it")
    func hidden() async throws {
        let definition = project("shop", [EngineRig.github, EngineRig.vercel], hidden: [EngineRig.github: [.viewer]])
        try await EngineRig { .success($0.reading()) }.run([definition]) { rig in
            let before = rig.view(role: .viewer)?.envelope
            _ = try await rig.report(report())
            #expect(try runEvents(rig, role: .viewer).isEmpty)
            #expect(rig.view(role: .viewer)?.envelope == before)
            #expect(try runEvents(rig).count == 1)
            let whole = RunResult(name: "secret-repository", passed: false)
            _ = try await rig.report(report("", .diagnostics, [whole]))
            #expect(try runEvents(rig, role: .viewer).map(\.message) == ["Diagnostics failed: 1 of 1 check"])
            #expect(rig.view(role: .viewer)?.envelope.lastRuns.map(\.kind) == ["diagnostics"])
        }
    }

    @Test("a project that nobody configured takes no run")
    func unknown() async throws {
        try await EngineRig().run { rig in
            let receipt = try await rig.report(report("ci-1", of: "nowhere"))
            #expect(receipt == nil)
        }
    }
}

extension EngineRig {
    fileprivate func report(_ report: RunReport) async throws -> RunReceipt? { try await engine.report(report) }
}

extension HeldStore {
    fileprivate func keptRuns() async throws -> [StoredRun] { try await load().runs }
}

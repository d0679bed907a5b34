import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Many readers of one project", .timeLimit(.minutes(1)))
struct ManyReadersTests {
    @Test("500 readers who find it stale cause one read, and wait for nothing")
    func stale() async throws {
        try await EngineRig().run { rig in
            async let first = rig.read()
            await rig.provider.next()?.succeed()
            _ = await first
            rig.time.advance(by: .seconds(16))
            await withTaskGroup { group in
                for _ in 0..<500 { group.addTask { rig.glance() } }
            }
            let attempt = await rig.provider.next()
            #expect(rig.view()?.source(at: rig.time.now.instant) == .stale)
            for _ in 0..<500 { rig.glance() }
            await rig.settle()
            #expect(rig.provider.readCount == 2)
            attempt?.succeed()
            await eventually { rig.view()?.source(at: rig.time.now.instant) == .hit }
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("500 readers who wait for the first reading share one read, and all get it")
    func empty() async throws {
        try await EngineRig().run { rig in
            let reads = await withTaskGroup { group in
                for _ in 0..<500 { group.addTask { await rig.read() } }
                let attempt = await rig.provider.next()
                // Each of them waits on the clock for its own patience, and the read for its deadline.
                await rig.time.waitForSleepers(501)
                attempt?.succeed()
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(rig.provider.readCount == 1)
            #expect(reads.allSatisfy { $0?.view.rendered.envelope.overall == .connected })
            #expect(reads.count { $0?.decision == .answer(.fetched) } == 1)
            #expect(reads.count { $0?.decision == .answer(.collapsed) } == 499)
        }
    }

    @Test("a reader whose patience ends gets what is known, and the read goes on for the others")
    func impatient() async throws {
        try await EngineRig().run { rig in
            async let impatient = rig.read(atMost: .milliseconds(200))
            let attempt = await rig.provider.next()
            async let patient = rig.read(atMost: .seconds(2))
            await rig.time.waitForSleepers(3)
            rig.time.advance(by: .milliseconds(200))
            #expect(await impatient?.decision == .answer(.checking))
            attempt?.succeed()
            #expect(await patient?.decision == .answer(.collapsed))
            #expect(rig.item()?.status == .connected)
            #expect(rig.provider.readCount == 1)
        }
    }

    @Test("a reader who leaves disturbs nobody, and a read that all have left ends on the board")
    func leavers() async throws {
        try await EngineRig().run { rig in
            let leaver = Task { await rig.read() }
            let others = (0..<99).map { _ in Task { await rig.read() } }
            await rig.time.waitForSleepers(101)
            leaver.cancel()
            #expect(await leaver.value?.decision == .answer(.checking))
            for other in others.dropFirst() { other.cancel() }
            let attempt = await rig.provider.next()
            for other in others.dropFirst() { _ = await other.value }
            others[0].cancel()
            _ = await others[0].value
            attempt?.succeed()
            await eventually { rig.item()?.status == .connected }
            #expect(rig.provider.cancelledCount == 0)
        }
    }

    @Test("one item that hangs does not hold up another's")
    func parallel() async throws {
        try await EngineRig().run([project("shop", [EngineRig.github, EngineRig.vercel])]) { rig in
            rig.provider.follow { $0.repository == "github" ? .success($0.reading()) : nil }
            async let read = rig.read(atMost: .seconds(30))
            _ = await rig.provider.next()
            await eventually { rig.item()?.status == .connected }
            #expect(rig.view()?.isChecking == true)
            // The one that hangs ends at the adapters' deadline, and with it the refresh.
            rig.time.advance(by: .seconds(2.5))
            #expect(await read?.decision == .answer(.fetched))
            #expect(rig.item(EngineRig.vercel)?.problem?.code == .timeout)
            #expect(rig.item(EngineRig.vercel)?.problem?.cause == .provider)
            #expect(rig.provider.cancelledCount == 1)
        }
    }

    @Test("there is no answer for a project that nobody named")
    func unknown() async throws {
        try await EngineRig().run { rig in #expect(await rig.read("nowhere") == nil) }
    }
}

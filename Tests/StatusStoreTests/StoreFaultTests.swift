import Glibc
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("A store whose disk fails", .timeLimit(.minutes(3)))
struct StoreFaultTests {
    /// Saves a few batches while some access fails, and says what was acknowledged.
    private func saveAll(
        _ store: SQLiteStore, _ rig: StoreRig, _ samples: Samples
    ) async throws -> (content: StoreContent, failures: Int) {
        var (content, failures) = (StoreContent(), 0)
        for number in 1...6 {
            var batch = StoreBatch()
            batch.projects = [try samples.stored(number), try samples.stored(0, revision: UInt64(number))]
            batch.items = [try samples.item(number)]
            do throws(StoreError) {
                try await store.save(batch)
                content.projects.removeAll { $0.id == batch.projects[1].id }
                content.projects += batch.projects
                content.items += batch.items
            } catch {
                failures += 1
                rig.time.advance(by: .seconds(2))
            }
        }
        return (content, failures)
    }

    private struct Trial: CustomTestStringConvertible {
        var kinds: [FaultyDisk.Kind]
        var fault: FaultyDisk.Fault
        var forever = false
        var testDescription: String { "\(kinds) with \(fault)\(forever ? " for ever" : "")" }
    }

    private static let trials = [
        Trial(kinds: [.write], fault: .full), Trial(kinds: [.write], fault: .io),
        Trial(kinds: [.write], fault: .full, forever: true), Trial(kinds: [.write], fault: .io, forever: true),
        Trial(kinds: [.sync], fault: .io), Trial(kinds: [.truncate, .delete], fault: .io),
        Trial(kinds: [.open, .read], fault: .io),
    ]

    @Test("keeps exactly what it acknowledged when the n-th access fails, for every n", arguments: trials)
    private func everyFault(trial: Trial) async throws {
        var nth = 0
        while true {
            nth += 1
            let rig = try StoreRig()
            let disk = FaultyDisk()
            let samples = Samples(now: rig.time.now)
            disk.fail(trial.kinds, at: nth, with: trial.fault, forever: trial.forever)
            let store = try await rig.openStore(on: disk)
            let (acknowledged, failures) = try await saveAll(store, rig, samples)
            let afterKill = try await rig.contentAfterKill()
            #expect(afterKill.asSets == acknowledged.asSets, "call \(nth), killed")
            await store.close()
            let faults = disk.faults
            disk.mend()
            let afterClose = try await rig.contentOfFile()
            #expect(afterClose.asSets == acknowledged.asSets, "call \(nth), closed")
            #expect(rig.asides.isEmpty, "call \(nth)")
            if faults == 0 {
                #expect(failures == 0)
                #expect(nth > 3)
                return
            }
        }
    }

    @Test("loses nothing acknowledged when the disk never says that it has it, from the n-th time on")
    func everySync() async throws {
        for nth in 1...40 {
            let rig = try StoreRig()
            let disk = FaultyDisk()
            disk.fail([.sync], at: nth, with: .io, forever: true)
            let store = try await rig.openStore(on: disk)
            let (acknowledged, failures) = try await saveAll(store, rig, Samples(now: rig.time.now))
            let afterKill = try await rig.contentAfterKill()
            // What was not acknowledged may have arrived all the same: nobody can tell.
            #expect(Set(acknowledged.items).isSubset(of: afterKill.items), "call \(nth)")
            disk.mend()
            rig.time.advance(by: .seconds(2))
            if failures > 0 { #expect(store.state.error != nil) }
            try await store.save(StoreBatch())
            #expect(store.state.error == nil)
            if failures == 0 { return }
        }
    }

    @Test("says that no space is left, and goes on by itself once there is some")
    func fullDisk() async throws {
        let rig = try StoreRig()
        try #require(mount("tmpfs", rig.folder.path, "tmpfs", 0, "size=1m") == 0 || getuid() != 0)
        guard mountIsOwn(rig.folder.path) else { return }
        let samples = Samples(now: rig.time.now)
        let store = try await rig.openStore()
        let ballast = rig.folder["ballast"]
        Bytes.write([UInt8](repeating: 1, count: 400_000), to: ballast)
        var acknowledged: Set<StoredItem> = []
        var refused: StoreBatch?
        for number in 0..<5_000 where refused == nil {
            var batch = StoreBatch()
            batch.items = [try samples.item(number)]
            do throws(StoreError) {
                try await store.save(batch)
                acknowledged.insert(batch.items[0])
            } catch {
                #expect(error.code == .full)
                #expect(error.message.contains("make room"))
                refused = batch
            }
        }
        let again = try #require(refused)
        #expect(acknowledged.count > 20)
        #expect(store.state.error?.code == .full)
        // As long as nothing changes, each further save fails alike; what is kept can still be read.
        for _ in 0..<3 {
            let error = await #expect(throws: StoreError.self) { try await store.save(again) }
            #expect(error?.code == .full)
        }
        #expect(Set(try await store.load().items) == acknowledged)
        // What finds nothing to forget has not written anything.
        try await store.prune(before: samples.now, operationsBefore: samples.now)
        _ = try await store.acceptKeyLoss()
        #expect(store.state.error?.code == .full)
        unlink(ballast)
        try await store.save(again)
        #expect(store.state.error == nil)
        #expect(rig.notices.last == .recovered)
        #expect(rig.notices.filter { if case .trouble = $0 { true } else { false } }.count == 1)
        await store.close()
        #expect(Set(try await rig.contentOfFile().items) == acknowledged.union(again.items))
        #expect(rig.asides.isEmpty)
    }

    @Test("starts on a full disk, and begins its file once there is room")
    func fullAtStart() async throws {
        let rig = try StoreRig()
        try #require(mount("tmpfs", rig.folder.path, "tmpfs", 0, "size=512k") == 0 || getuid() != 0)
        guard mountIsOwn(rig.folder.path) else { return }
        let ballast = rig.folder["ballast"]
        Bytes.write([UInt8](repeating: 1, count: 600_000), to: ballast)
        let store = try await rig.openStore()
        #expect(store.state.error?.code == .full)
        unlink(ballast)
        rig.time.advance(by: .seconds(1))
        let batch = try Samples(now: rig.time.now).everything(projects: 1)
        try await store.save(batch)
        #expect(try await store.load().asSets == batch.content.asSets)
        #expect(rig.notices.last == .reached, "it has kept nothing before that it could keep again")
    }

    /// Whether the file system of the test is there: only root may mount.
    private func mountIsOwn(_ path: String) -> Bool {
        var (own, above) = (stat(), stat())
        return stat(path, &own) == 0 && stat(path + "/..", &above) == 0 && own.st_dev != above.st_dev
    }
}

import FoundationEssentials
import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// A disk or a file that fails: reads go on from memory, health says so, nothing is deleted, and all is well again by
    /// itself (SPEC §5).
    @Suite("A store in trouble", .timeLimit(.minutes(3)))
    struct StoreFaultTests {
        /// The longest that a daemon may need to be well again once its disk is (BEHAVIOURS 40).
        private static let recoveryMax = Duration.seconds(30)

        private let stage: Stage
        private var database: DatabaseFile { DatabaseFile(path: stage.storePath) }

        init() async throws { stage = try await Stage() }

        @Test(
            "a full disk stops what must be durable and nothing else, and once there is space all goes on by itself",
            .enabled(if: PrivateMounts.arePossible, "needs a kernel that lets this user mount a tmpfs of its own"))
        func diskFull() async throws {
            let disk = "\(stage.directory.path)/disk"
            let daemon = try await stage.startDaemon(
                refresh: Refresh.eagerly, store: "\(disk)/telltale.db",
                surroundings: PrivateMounts.after("mkdir \(disk); mount -t tmpfs -o size=2m tmpfs \(disk)"))
            let client = daemon.client()
            try await client.reportKept("before")
            var watch = client.watch(projects: [.shop]).makeAsyncIterator()
            let filler = PrivateMounts.path("\(disk)/filler", of: daemon.process)
            try fill(filler)

            let refusal = try await firstRefusal(client)
            #expect(refusal.code == .unavailable && !refusal.reason.isEmpty, "\(refusal)")
            #expect(refusal.message.contains("space") || refusal.message.contains("full"), "\(refusal.message)")
            try await expectOnlyPersistenceIsOut(client)
            // Reads go on, and so does what they learn.
            let known = try #require(try await client.status(of: .shop).envelope?.items[0].updatedAt)
            try await stage.simulator.push("acme/shop")
            let event = try #require(try await nextEvent("github:push", of: &watch))
            #expect(event.projectID == .shop)
            let fresh = try await client.refresh(.shop)
            #expect(fresh.envelope?.overall == .connected)
            let learnt = try #require(fresh.envelope?.items[0].updatedAt)
            #expect(learnt > known)

            let health = try await HealthWatch(of: "persistence", at: daemon)
            unlink(filler)
            let freed = ContinuousClock.now
            try await health.wait(until: .serving)
            #expect(freed.duration(to: .now) < Self.recoveryMax)
            #expect(try await client.reportRun(.named("before")).isDuplicate)
            try await client.reportKept("after")
            try await expectKept(from: PrivateMounts.path(disk, of: daemon.process), daemon, learnt: learnt)
        }

        /// What a crash now would leave: copied while the daemon stands still, and given to another.
        private func expectKept(from disk: String, _ daemon: RunningDaemon, learnt: UnixTime) async throws {
            daemon.process.send(SIGSTOP)
            for suffix in ["", "-wal"] where access("\(disk)/telltale.db\(suffix)", F_OK) == 0 {
                try FileManager.default.copyItem(
                    atPath: "\(disk)/telltale.db\(suffix)", toPath: stage.storePath + suffix)
            }
            try await daemon.crash()
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            let next = try await stage.startDaemon(refresh: Refresh.eagerly)
            let item = try #require(try await next.client().status(of: .shop).envelope?.items[0])
            #expect(try #require(item.updatedAt).since(learnt) > .milliseconds(-20))
            for name in ["before", "after"] { #expect(try await next.client().reportRun(.named(name)).isDuplicate) }
        }

        @Test(
            "a damaged file is put aside whole, and the daemon begins anew in its place",
            arguments: ["half", "100 bytes", "header", "every page", "no database"])
        func damagedBeforeStart(damage: String) async throws {
            let first = try await stage.startDaemon()
            _ = try await first.client().refresh(.shop)
            #expect(try await first.stop() == .exited(0))
            var bytes = try database.bytes
            switch damage {
            case "half": bytes.removeLast(bytes.count / 2)
            case "100 bytes": bytes.removeLast(bytes.count - 100)
            case "header": for index in 16..<64 { bytes[index] ^= 0x10 }
            // The first byte of a page says what it is; on the first page it stands behind the file's header.
            case "every page": for page in 0..<bytes.count / 4096 { bytes[page * 4096 + (page == 0 ? 100 : 0)] ^= 0xFF }
            default: bytes = Array("this is no database at all, but somebody's notes\n".utf8)
            }
            try database.overwrite(with: bytes)

            let daemon = try await stage.startDaemon()
            let client = daemon.client()
            #expect(try await client.status(of: .shop).envelope?.overall == .connected)
            let health = try await HealthWatch(of: "persistence", at: daemon)
            try await health.wait(until: .serving)
            let kept = try database.setAside
            #expect(!kept.isEmpty)
            #expect(try kept.contains { try DatabaseFile(path: $0).bytes == bytes }, "\(kept)")
            #expect(daemon.process.state.errors.contains(".corrupt-"), "nobody is told where it is")
            // What is learnt from now on is kept.
            try await client.reportKept("after")
            try await daemon.crash()
            let next = try await stage.startDaemon()
            #expect(try await next.client().reportRun(.named("after")).isDuplicate)
            #expect(try database.setAside == kept)
        }

        @Test("one flipped bit anywhere is never told as truth: an answer is what it was, or is not known any more")
        func flippedBit() async throws {
            let first = try await stage.startDaemon()
            _ = try await first.client().refresh(.shop)
            try await first.client().reportKept("before")
            let before = try #require(try await first.client().settled(.shop).envelope)
            #expect(try await first.stop() == .exited(0))
            let sound = try database.bytes
            let seed = UInt64.random(in: 1 ... .max)
            var generator = SeededGenerator(seed: seed)
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            for _ in 0..<25 {
                let bit = Int.random(in: 0..<sound.count * 8, using: &generator)
                var bytes = sound
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                for file in try database.neighbours { unlink(file) }
                try Data(bytes).write(to: URL(filePath: database.path))
                let daemon = try await stage.startDaemon(refresh: Refresh.onDemand + #", firstWait: "50ms""#)
                let answer = try await daemon.client().status(of: .shop)
                let item = try #require(answer.envelope?.items[0])
                let isKnown = item.updatedAt != nil
                let words = "bit \(bit), seed \(seed)"
                if !isKnown || answer.hash != before.hash {
                    #expect(try !database.setAside.isEmpty, "\(words): it is lost, and nothing was put aside")
                }
                if isKnown {
                    #expect(item.label == before.items[0].label && item.status == before.items[0].status, "\(words)")
                    let shift = try #require(item.updatedAt).since(try #require(before.items[0].updatedAt))
                    #expect(max(shift, .zero - shift) < .milliseconds(100), "\(words): moved by \(shift)")
                }
                try await daemon.crash()
            }
        }

        @Test(
            "a file that is overwritten while the daemon runs costs no answer, and is put aside at the latest on the next start"
        )
        func damagedWhileRunning() async throws {
            let first = try await stage.startDaemon(refresh: Refresh.eagerly)
            _ = try await first.client().refresh(.shop)
            try await first.client().reportKept("before")
            // It moves its log into the file, so that the file is all that there is.
            #expect(try await first.stop() == .exited(0))
            let daemon = try await stage.startDaemon(refresh: Refresh.eagerly)
            let client = daemon.client()
            _ = try await client.refresh(.shop)
            try database.overwrite(with: Array(repeating: 0x5A, count: try database.bytes.count))
            for number in 0..<50 {
                #expect(try await client.status(of: .shop).envelope?.overall == .connected)
                // Refused or taken, but answered.
                do throws(TelltaleError) { _ = try await client.reportRun(.named("during-\(number)")) } catch {
                    #expect(error.code == .unavailable && !error.reason.isEmpty, "\(error)")
                }
            }
            #expect(try await client.refresh(.shop).envelope?.overall == .connected)
            try await daemon.crash()
            let next = try await stage.startDaemon(refresh: Refresh.eagerly)
            let health = try await HealthWatch(of: "persistence", at: next)
            try await health.wait(until: .serving)
            #expect(try await next.client().refresh(.shop).envelope?.overall == .connected)
            #expect(try !database.setAside.isEmpty)
            #expect(try await next.client().health() == .serving)
        }

        @Test(
            "killed while it puts a damaged file aside, the next daemon goes on with that",
            arguments: ["before", "after"])
        func killedWhileSettingAside(moment: String) async throws {
            let garbage = Array("no database".utf8)
            try stage.directory.write("no database", to: "telltale.db")
            let killed = try stage.launchDaemon(environment: ["TELLTALE_FAILPOINT": "store.setAside.\(moment)"])
            #expect(try await killed.process.finish().ending == .killed(signal: SIGKILL))
            let daemon = try await stage.startDaemon()
            #expect(try await daemon.client().status(of: .shop).envelope?.overall == .connected)
            let kept = try database.setAside
            #expect(try kept.contains { try DatabaseFile(path: $0).bytes == garbage }, "\(kept)")
            try await HealthWatch(of: "persistence", at: daemon).wait(until: .serving)
        }

        @Test("a newer daemon's file is refused with a sentence, and left as it is")
        func newerSchema() async throws {
            let first = try await stage.startDaemon()
            _ = try await first.client().refresh(.shop)
            #expect(try await first.stop() == .exited(0))
            try database.ask("PRAGMA user_version = 9999")
            let before = try database.bytes
            let end = try await stage.launchDaemon().process.finish()
            #expect(end.ending == .exited(EX_CONFIG))
            #expect(end.errors.contains(stage.storePath) && end.errors.contains("newer"), "\(end.errors)")
            #expect(try database.bytes == before)
            #expect(try database.setAside.isEmpty)
            #expect(access(stage.socketPath, F_OK) != 0, "a daemon that refuses leaves no socket")
        }

        @Test("a second daemon on the same store gives way, and the first goes on")
        func storeInUse() async throws {
            let first = try await stage.startDaemon()
            let config = try stage.configure()
            let second = try ProgramProcess(
                .telltaled,
                ["--config", config, "--socket", "\(stage.directory.path)/second.sock", "--store", stage.storePath])
            let end = try await second.finish()
            #expect(end.ending == .exited(EX_TEMPFAIL))
            #expect(end.errors.contains(stage.storePath), "\(end.errors)")
            try await first.client().reportKept("still there")
            #expect(try await first.client().health(of: "persistence") == .serving)
        }

        @Test("without a place for its file it serves from memory and says so, and keeps it once there is one")
        func noPlace() async throws {
            let parent = try stage.directory.write("a file, where a directory should be", to: "state")
            let daemon = try await stage.startDaemon(store: "\(parent)/telltale.db")
            let client = daemon.client()
            #expect(try await client.refresh(.shop).envelope?.overall == .connected)
            try await expectOnlyPersistenceIsOut(client)
            #expect(try await firstRefusal(client).code == .unavailable)

            let health = try await HealthWatch(of: "persistence", at: daemon)
            unlink(parent)
            #expect(mkdir(parent, 0o700) == 0)
            let made = ContinuousClock.now
            try await health.wait(until: .serving)
            #expect(made.duration(to: .now) < Self.recoveryMax)
            try await client.reportKept("after")
            try await daemon.crash()
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            let next = try await stage.startDaemon(store: "\(parent)/telltale.db").client()
            // What was learnt before there was a place is kept as well.
            #expect(try await next.status(of: .shop).envelope?.items[0].status == .connected)
            #expect(try await next.reportRun(.named("after")).isDuplicate)
        }

        /// Takes all the space that is left.
        private func fill(_ path: String) throws {
            let handle = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard handle >= 0 else { throw DatabaseFile.Refusal(description: "\(path): \(errno)") }
            defer { close(handle) }
            for size in [64 << 10, 1 << 10, 1] {
                let bytes = [UInt8](repeating: 0, count: size)
                while write(handle, bytes, size) > 0 {}
            }
            #expect(errno == ENOSPC)
        }

        /// Reports runs until one is refused: a disk may be full for a while before anybody needs more of it.
        private func firstRefusal(_ client: TelltaleClient) async throws -> TelltaleError {
            var number = 0
            while true {
                do throws(TelltaleError) { _ = try await client.reportRun(.named("refused-\(number)")) } catch {
                    return error
                }
                number += 1
                try Task.checkCancellation()
            }
        }

        private func expectOnlyPersistenceIsOut(_ client: TelltaleClient) async throws {
            while try await client.health(of: "persistence") != .notServing { try Task.checkCancellation() }
            let parts = try await client.healthList()
            let out = parts.filter { $0.value != .serving }.keys
            #expect(Array(out) == ["persistence"], "\(parts)")
        }

        private func nextEvent(
            _ kind: String, of watch: inout StatusUpdates.AsyncIterator
        ) async throws -> StatusEvent? {
            while let update = try await watch.next() {
                if case .event(let event) = update, event.kind == kind { return event }
            }
            return nil
        }
    }
}

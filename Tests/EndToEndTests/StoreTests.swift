import FoundationEssentials
import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The daemon's store", .timeLimit(.minutes(2)))
    struct StoreTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// The file's bytes, while no daemon has it open.
        private var file: [UInt8] {
            get throws { Array(try Data(contentsOf: URL(filePath: stage.storePath))) }
        }

        private func overwrite(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: stage.storePath))
        }

        /// Runs a daemon that learns of the shop, and ends it in order.
        private func runOnce(more: String = "") async throws {
            let daemon = try await stage.startDaemon(refresh: Refresh.patiently, more: more)
            #expect(try await daemon.client().status(of: .shop).envelope?.overall == .connected)
            daemon.process.send(SIGTERM)
            #expect(try await daemon.process.finish().ending == .exited(0))
        }

        /// Starts a daemon that must refuse to.
        private func refusal(socketPath: String) async throws -> ProgramProcess.State {
            try await ProgramProcess(
                .telltaled,
                ["--config", try stage.configure(), "--socket", socketPath, "--store", stage.storePath]
            ).finish()
        }

        @Test("what was known is answered after a restart before anybody was asked, with its true age")
        func restart() async throws {
            let readAt = ContinuousClock.now
            try await runOnce()
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            try await stage.simulator.forgetRequests()
            let startedAt = ContinuousClock.now
            let daemon = try await stage.startDaemon()
            let answer = try await daemon.client().status(of: .shop)
            #expect(answer.source == .hit)
            #expect(try await stage.simulator.requests.total == 0)
            let age = try #require(answer.age)
            #expect(age > startedAt.duration(to: .now) && age < readAt.duration(to: .now))
            #expect(answer.envelope?.overall == .connected)
            #expect(answer.envelope?.items.first?.summary.hasPrefix("Linked to main") == true)
        }

        @Test("a second daemon with the same store gives way with a sentence, and the first goes on")
        func inUse() async throws {
            let first = try await stage.startDaemon()
            let socketPath = "\(stage.directory.path)/other.sock"
            let end = try await refusal(socketPath: socketPath)
            #expect(end.ending == .exited(EX_TEMPFAIL))
            #expect(end.errors.contains("telltaled: Another daemon uses the store \(stage.storePath)"))
            #expect(access(socketPath, F_OK) != 0, "it leaves no socket behind")
            #expect(try await first.client().status(of: .shop).envelope?.overall == .connected)
        }

        @Test("the file of a newer daemon is left alone, with a sentence")
        func newerSchema() async throws {
            try await runOnce()
            // One page without a table, of a schema to come (sqlite.org/fileformat2.html).
            var newer = Array(try file.prefix(100))
            newer.replaceSubrange(28..<40, with: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
            newer.replaceSubrange(60..<64, with: [0, 1, 0, 0])
            let pageBytes = Int(newer[16]) << 8 | Int(newer[17])
            newer += [0x0D, 0, 0, 0, 0, newer[16], newer[17], 0]
            newer += Array(repeating: 0, count: pageBytes - newer.count)
            try overwrite(newer)
            let end = try await refusal(socketPath: stage.socketPath)
            #expect(end.ending == .exited(EX_CONFIG))
            #expect(end.errors.contains("telltaled: The store \(stage.storePath) was written by a newer daemon"))
            #expect(try file == newer)
        }

        @Test("a damaged file is set aside, which the log tells with its new name, and the daemon serves")
        func damaged() async throws {
            try await runOnce()
            var damaged = try file
            for index in damaged.indices.dropFirst(16) { damaged[index] ^= 0xA5 }
            try overwrite(damaged)
            let daemon = try await stage.startDaemon(refresh: Refresh.patiently)
            #expect(try await daemon.client().status(of: .shop).envelope?.overall == .connected)
            let line = try #require(
                daemon.process.state.errors.split(separator: "\n").first { $0.contains("store was damaged") })
            #expect(line.contains("level=error"))
            let aside = try #require(line.split(separator: " ").first { $0.hasPrefix("setAside=") }?.dropFirst(9))
            #expect(Array(try Data(contentsOf: URL(filePath: String(aside)))) == damaged)
        }

        @Test("switched off it leaves nothing on the disk, and a restarted daemon knows nothing")
        func disabled() async throws {
            let switchedOff = "store: { enabled: false },"
            try await runOnce(more: switchedOff)
            #expect(access(stage.storePath, F_OK) != 0)
            try await stage.simulator.inject(#"{"kind":"hang"}"#)
            let daemon = try await stage.startDaemon(more: switchedOff)
            #expect(try await daemon.client().status(of: .shop).source == .checking)
        }

        @Test("a store that cannot be had is told once, and the daemon serves without it")
        func unreachable() async throws {
            try stage.directory.write("a file in the way", to: "telltale.db.d")
            let daemon = try await RunningDaemon(
                config: try stage.configure(refresh: Refresh.patiently), socketPath: stage.socketPath,
                storePath: "\(stage.directory.path)/telltale.db.d/telltale.db")
            #expect(try await daemon.client().status(of: .shop).envelope?.overall == .connected)
            #expect(try await daemon.run("health", "persistence").ending == .exited(EX_UNAVAILABLE))
            daemon.process.send(SIGTERM)
            let end = try await daemon.process.finish()
            #expect(end.ending == .exited(0))
            let lines = end.errors.split(separator: "\n").filter { $0.contains("store cannot keep anything") }
            #expect(lines.count == 1, "\(end.errors)")
        }
    }
}

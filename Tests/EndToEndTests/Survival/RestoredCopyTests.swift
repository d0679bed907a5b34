import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// BEHAVIOURS 15: a database that was put back is another epoch, wherever its numbers have come to since.
    @Suite("A store that was put back", .timeLimit(.minutes(2)))
    struct RestoredCopyTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        /// Reports as many runs, and gives the place of the last.
        private func reportRuns(_ names: [String], to daemon: RunningDaemon) async throws -> EventID {
            let client = daemon.client()
            defer { client.close() }
            var place: EventID?
            for name in names { place = try await client.reportRun(.named(name)).event }
            return try #require(place)
        }

        @Test("a watcher who saw more than the copy holds is told, though the new numbers are past its own")
        func reset() async throws {
            let first = try await stage.startDaemon()
            _ = try await reportRuns(["one"], to: first)
            #expect(try await first.stop() == .exited(0))
            let file = DatabaseFile(path: stage.storePath)
            let copy = try file.bytes
            let second = try await stage.startDaemon()
            let seen = try await reportRuns(["two", "three"], to: second)
            #expect(try await second.stop() == .exited(0))
            try file.overwrite(with: copy)
            let third = try await stage.startDaemon()
            let newest = try await reportRuns((0..<8).map { "later-\($0)" }, to: third)
            #expect(newest.epoch != seen.epoch && newest.sequence > seen.sequence)
            let client = third.client()
            defer { client.close() }
            for try await update in client.watch(projects: [.shop], resumeAfter: seen) {
                switch update {
                case .connection: continue
                case .reset(let reset): #expect(reset.reason == .epoch)
                default: Issue.record("The watch began with \(update).")
                }
                return
            }
        }
    }
}

import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// Watchers of every habit over a daemon that is killed, stopped and reloaded again and again while runs are reported,
    /// pushes come and projects come and go: what each of them was told is held against the guarantees of a watch.
    ///
    /// `TELLTALE_WATCH_ROUNDS` and `TELLTALE_WATCH_SEED` in the environment change the number of rounds and what they are
    /// drawn from; a failure names the seed.
    @Suite("Watches through restarts", .timeLimit(.minutes(5)))
    struct WatchChaosTests {
        private static let fixed = ["shop", "blog", "docs"].map(ProjectID.init(known:))
        private static let fleeting = ["left", "right"]

        private let stage: Stage
        private let ledger = ChaosLedger()
        private let clock = ChaosClock()

        init() async throws { stage = try await Stage() }

        @Test("whatever ends a daemon, each watcher is told everything, once, in order, and of what it was not told")
        func chaos() async throws {
            let rounds = Self.variable("TELLTALE_WATCH_ROUNDS").flatMap { Int($0) } ?? 30
            let seed = Self.variable("TELLTALE_WATCH_SEED").flatMap { UInt64($0) } ?? .random(in: 1 ... .max)
            var generator = SeededGenerator(seed: seed)
            for project in Self.fixed { try await stage.simulator.setRepository("acme/\(project.rawValue)") }
            let watchers = watchers(using: &generator)
            try await withThrowingTaskGroup { group in
                for watcher in watchers { group.addTask { await watcher.run() } }
                do {
                    for _ in 0..<rounds { try await play(using: &generator) }
                    try await finish(watchers.map(\.record))
                } catch {
                    clock.end()
                    throw error
                }
                try await group.waitForAll()
            }
            // Otherwise the test would prove less than it says.
            #expect(ledger.acknowledged.count > rounds, "seed \(seed)")
            check(watchers.map { $0.record.history }, seed: seed)
        }

        private func watchers(using generator: inout SeededGenerator) -> [ChaosWatcher] {
            let (shop, others) = ([Self.fixed[0]], Array(Self.fixed[1...]))
            let plans: [(String, [ProjectID], [String], ChaosWatcher.Habit)] = [
                ("all", [], [], .client), ("shop", shop, [], .client), ("others", others, [], .restartingClient),
                ("runs of all", [], ["run:*"], .client), ("slow", [], [], .slowClient),
                ("slow shop", shop, [], .slowClient), ("bare all", [], [], .bareStreams),
                ("bare shop", shop, [], .bareStreams), ("bare others", others, ["run:*", "status:*"], .bareStreams),
                ("bare, pausing", [], [], .pausingStreams),
            ]
            return plans.map { name, projects, kinds, habit in
                ChaosWatcher(
                    record: WatchRecord(name, projects: projects, kinds: kinds), projects: projects, kinds: kinds,
                    habit: habit, socketPath: stage.socketPath, seed: generator.next(),
                    isOver: { [clock] in clock.isOver })
            }
        }

        /// One life of a daemon.
        private func play(using generator: inout SeededGenerator) async throws {
            let daemon = try await stage.startDaemon(projects: projects(), refresh: Self.refresh)
            async let writing: Void = writers(daemon).run()
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                await rest(milliseconds: Int32.random(in: 20...150, using: &generator))
                let guests = Self.fleeting.filter { _ in Bool.random(using: &generator) }
                _ = try stage.configure(projects: projects(and: guests), refresh: Self.refresh)
                daemon.process.send(SIGHUP)
            }
            await rest(milliseconds: Int32.random(in: 20...300, using: &generator))
            daemon.process.send(Int.random(in: 0..<3, using: &generator) == 0 ? SIGTERM : SIGKILL)
            _ = try await daemon.process.finish()
            await writing
        }

        /// A last daemon lives until every watcher has come to where it stands.
        private func finish(_ records: [WatchRecord]) async throws {
            let daemon = try await stage.startDaemon(projects: projects(), refresh: Self.refresh)
            async let writing: Void = writers(daemon).run()
            let count = ledger.acknowledged.count
            await waitUntil { ledger.acknowledged.count >= count + 20 }
            let goal = try #require(ledger.acknowledged.last).id
            for record in records {
                await waitUntil { record.isAt(goal) }
            }
            clock.end()
            // The events go on until everybody has seen that it is over.
            await rest(milliseconds: 200)
            #expect(try await daemon.stop() == .exited(0))
            await writing
        }

        private func check(_ histories: [WatchHistory], seed: UInt64) {
            // What a client gives is also one sequence, over all of its connections.
            let joined = histories.filter { !$0.name.hasPrefix("bare") }.map(\.joined)
            let found = WatchGuarantee.violations(in: histories + joined, acknowledged: ledger.acknowledged)
            #expect(found.isEmpty, "seed \(seed): \(found.count), first \(found.prefix(5))")
            for history in histories {
                let events = history.streams.flatMap(\.messages).count
                #expect(events > 20, "\(history.name) saw next to nothing, seed \(seed)")
                // A journal lasts as long as its store: nobody is reset because a daemon was killed.
                for stream in history.streams where stream.resumeAfter != nil {
                    if case .reset(let reset)? = stream.messages.first {
                        Issue.record("\(history.name) was reset, seed \(seed): \(reset)")
                    }
                }
            }
        }

        private func writers(_ daemon: RunningDaemon) -> ChaosWriters {
            ChaosWriters(daemon: daemon, simulator: stage.simulator, ledger: ledger, projects: Self.fixed)
        }

        private func projects(and guests: [String] = []) -> String {
            let linked = Self.fixed.map {
                #"\#($0): { github: { repo: "acme/\#($0)", api: "$API", credential: "$TOKEN" } }"#
            }
            return (linked + guests.map { "\($0): {}" }).joined(separator: ",\n")
        }

        private static let refresh = #"ttl: "1s", jitter: 0, firstWait: "100ms", forceInterval: "100ms""#

        private static func variable(_ name: String) -> String? {
            getenv(name).flatMap { String(validatingCString: $0) }
        }
    }
}

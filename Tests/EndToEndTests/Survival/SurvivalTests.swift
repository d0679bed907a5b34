import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// A daemon that is killed again and again under load, on one directory. What it acknowledged is there each time, what
    /// it knew is told at once and with its true age, and no file is torn.
    ///
    /// `TELLTALE_KILL_ROUNDS` and `TELLTALE_KILL_SEED` in the environment change the number of rounds and what they are
    /// drawn from; a failure names the seed.
    @Suite("Survival", .timeLimit(.minutes(10)))
    struct SurvivalTests {
        private let stage: Stage
        private let ledger = SurvivalLedger()
        private let projects = ["shop", "blog", "docs"].map(ProjectID.init(known:))

        init() async throws { stage = try await Stage() }

        @Test("whatever kills it and wherever, nothing acknowledged is lost, nothing torn, and answers come at once")
        func killed() async throws {
            let rounds = Self.variable("TELLTALE_KILL_ROUNDS").flatMap { Int($0) } ?? 200
            let seed = Self.variable("TELLTALE_KILL_SEED").flatMap { UInt64($0) } ?? .random(in: 1 ... .max)
            var generator = SeededGenerator(seed: seed)
            for project in projects { try await stage.simulator.setRepository("acme/\(project.rawValue)") }
            var pointsHit: [String: Int] = [:]
            for number in 0..<rounds {
                let plan = KillPlan(number: number, using: &generator)
                let isHit = try await play(plan, seed: seed)
                if isHit, let name = plan.pointName { pointsHit[name, default: 0] += 1 }
                if number % 20 == 0 { try checkFiles("\(plan), seed \(seed)") }
            }
            try checkFiles("the end, seed \(seed)")
            try await checkAll(seed: seed)
            guard rounds >= 200 else { return }
            // Otherwise the test would prove less than it says.
            #expect(ledger.acknowledged.count > rounds, "seed \(seed)")
            for name in [
                "store.open.before", "store.open.after", "store.migrate.before", "store.commit.before",
                "store.commit.after", "store.checkpoint.before", "store.checkpoint.after", "run.acknowledge.before",
            ] {
                #expect(pointsHit[name] ?? 0 > 0, "no daemon was killed at \(name), seed \(seed): \(pointsHit)")
            }
        }

        /// One life of a daemon. True if it ended at the named point.
        private func play(_ plan: KillPlan, seed: UInt64) async throws -> Bool {
            let words = "\(plan), seed \(seed)"
            if plan.isHanging { try await stage.simulator.inject(#"{"kind":"hang"}"#) }
            ledger.beginLife()
            let startedAt = UnixTime.now
            let daemon = try launch(environment: plan.environment)
            var isAtPoint = plan.pointName != nil
            if await isServing(daemon) {
                let check = SurvivalCheck(
                    daemon: daemon, ledger: ledger, projects: projects, startedAt: startedAt, words: words)
                await check.run()
                async let load: Void = SurvivalLoad(
                    daemon: daemon, ledger: ledger, projects: projects, plan: plan
                ).run()
                isAtPoint = await plan.carryOut(on: daemon.process)
                await load
            }
            let ending = try await daemon.process.finish().ending
            #expect(
                plan.isExpected(ending),
                "\(words): \(String(describing: ending))\n\(daemon.process.state.errors.suffix(2_000))")
            // One with a point may come to it before it is told to end, as soon as its log is full enough to be moved. Only
            // who has saved the rest says so.
            if plan.isDrained, daemon.process.state.errors.contains("stopped") { ledger.confirmAllSeen() }
            if plan.isHanging { try await stage.simulator.clearFaults() }
            return isAtPoint
        }

        /// False when it ends before it serves, as one does that is killed while it opens its store.
        private func isServing(_ daemon: RunningDaemon) async -> Bool {
            do { try await daemon.waitUntilServing() } catch { return false }
            return true
        }

        private func launch(environment: [String: String]) throws -> RunningDaemon {
            try stage.launchDaemon(
                projects: projects.map {
                    #"\#($0): { github: { repo: "acme/\#($0)", api: "$API", credential: "$TOKEN" } }"#
                }.joined(separator: ",\n"),
                refresh: #"ttl: "1s", jitter: 0, firstWait: "100ms", forceInterval: "100ms""#,
                environment: environment)
        }

        /// What is on the disk after a crash, before anybody repairs it.
        private func checkFiles(_ words: String) throws {
            let database = DatabaseFile(path: stage.storePath)
            #expect(try database.setAside.isEmpty, "\(words): a sound file was put aside")
            guard access(database.path, F_OK) == 0 else { return }
            #expect(try database.integrityOfCopy(in: stage.directory) == "ok", "\(words)")
        }

        /// One last start is asked for everything that any of them acknowledged.
        private func checkAll(seed: UInt64) async throws {
            ledger.putBack(ledger.acknowledged)
            let startedAt = UnixTime.now
            let daemon = try launch(environment: [:])
            try await daemon.waitUntilServing()
            let check = SurvivalCheck(
                daemon: daemon, ledger: ledger, projects: projects, startedAt: startedAt, words: "the end, seed \(seed)"
            )
            await check.run()
            #expect(ledger.takeUnverified().isEmpty, "the last daemon did not answer for every run, seed \(seed)")
            let client = daemon.client()
            #expect(try await client.health(of: "persistence") == .serving, "seed \(seed)")
            #expect(try await daemon.stop() == .exited(0))
        }

        private static func variable(_ name: String) -> String? {
            getenv(name).flatMap { String(validatingCString: $0) }
        }
    }
}

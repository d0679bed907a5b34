import Locks
import StatusModel
import Synchronization
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// A watcher does not notice that the daemon was killed but for the wait (SPEC §6: resume across daemon restarts).
    @Suite("A watch over sudden deaths", .timeLimit(.minutes(3)))
    struct WatchSurvivalTests {
        private static let lives = 20
        /// Runs that are acknowledged before a daemon is killed; the next one is under way then.
        private static let runsBeforeDeath = 3

        /// What the watcher has seen over all lives, and what was acknowledged to whoever reported.
        private final class Ledger: Sendable {
            struct State {
                var place: EventID?
                var ids: [EventID] = []
                var resets: [WatchReset] = []
                var acknowledged: [EventID] = []
            }

            private let kept = Lock(State())

            var state: State { kept.withLock { $0 } }

            func change(_ body: (inout State) -> Void) { kept.withLock { body(&$0) } }
        }

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("over twenty kills no event is lost, doubled or out of order, and the watch is never begun anew")
        func kills() async throws {
            let ledger = Ledger()
            for life in 0...Self.lives {
                let daemon = try await stage.startDaemon(refresh: Refresh.eagerly)
                let isLast = life == Self.lives
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await follow(daemon, ledger) }
                    group.addTask { await reportRuns(to: daemon, life, ledger) }
                    let before = ledger.state.acknowledged.count
                    while ledger.state.acknowledged.count < before + Self.runsBeforeDeath || ledger.state.place == nil {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                    if isLast {
                        let newest = try #require(ledger.state.acknowledged.last)
                        while !ledger.state.ids.contains(newest) {
                            try Task.checkCancellation()
                            await Task.yield()
                        }
                    }
                    try await daemon.crash()
                    group.cancelAll()
                }
            }
            let state = ledger.state
            #expect(state.resets.isEmpty)
            #expect(Set(state.ids.map(\.epoch)).count == 1)
            let first = try #require(state.ids.first?.sequence)
            #expect(state.ids.map(\.sequence) == (0..<UInt64(state.ids.count)).map { first + $0 })
            #expect(state.acknowledged.count >= Self.lives * Self.runsBeforeDeath)
            // Those before the watcher's first snapshot are in it.
            let missed = state.acknowledged.filter { $0.sequence >= first && !state.ids.contains($0) }
            #expect(missed.isEmpty && Set(state.acknowledged).count == state.acknowledged.count)
        }

        /// Goes on where the watcher of the life before stood, until this one ends.
        private func follow(_ daemon: RunningDaemon, _ ledger: Ledger) async {
            let client = daemon.client()
            defer { client.close() }
            do {
                for try await update in client.watch(projects: [.shop], resumeAfter: ledger.state.place) {
                    switch update {
                    case .snapshot(_, let asOf): ledger.change { $0.place = asOf }
                    case .event(let event):
                        ledger.change { state in
                            state.place = event.id
                            state.ids.append(event.id)
                        }
                    case .heartbeat(let place, _): ledger.change { $0.place = place }
                    case .reset(let reset): ledger.change { $0.resets.append(reset) }
                    case .connection(.connected): break
                    case .connection: return
                    }
                }
            } catch {
                // The daemon is gone.
            }
        }

        private func reportRuns(to daemon: RunningDaemon, _ life: Int, _ ledger: Ledger) async {
            let client = daemon.client()
            defer { client.close() }
            for number in 0..<100 {
                do throws(TelltaleError) {
                    let receipt = try await client.reportRun(.named("life-\(life)-\(number)"))
                    ledger.change { $0.acknowledged += receipt.event.map { [$0] } ?? [] }
                } catch {
                    // A daemon that is killed acknowledges no more.
                    return
                }
            }
        }
    }
}

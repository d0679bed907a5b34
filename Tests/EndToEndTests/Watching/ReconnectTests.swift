import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Many watchers at once", .timeLimit(.minutes(2)))
    struct ReconnectTests {
        private static let count = 200
        private static let limits = #"limits: { perUid: 300, connections: 512 },"#

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test(
            "behaviour 19: 200 clients that a restart has cut off are live again within 3 s, and none has missed a thing",
            arguments: [SIGKILL, SIGTERM])
        func behaviour19_reconnecting(_ signal: Int32) async throws {
            let first = try await start()
            let records = (0..<Self.count).map { WatchRecord("client \($0)", projects: [.shop]) }
            let client = first.client()
            defer { client.close() }
            let acknowledged = try await withThrowingTaskGroup { group in
                for record in records { group.addTask { try await follow(client, record) } }
                defer { group.cancelAll() }
                let before = try await report("before", to: first)
                await everybody(records, isAt: before.id)
                first.process.send(signal)
                try await first.process.finish()
                let second = try await start()
                let served = ContinuousClock.now
                let after = try await report("after", to: second)
                await everybody(records, isAt: after.id)
                let took = served.duration(to: .now)
                #expect(took < .seconds(3), "the last was live after \(took)")
                return [before, after]
            }
            let histories = records.map(\.history)
            let found = WatchGuarantee.violations(in: histories + histories.map(\.joined), acknowledged: acknowledged)
            #expect(found.isEmpty, "\(found.prefix(5))")
        }

        private func start() async throws -> RunningDaemon {
            try await stage.startDaemon(refresh: Refresh.patiently, more: Self.limits)
        }

        /// Reads until it is cancelled.
        private func follow(_ client: TelltaleClient, _ record: WatchRecord) async throws {
            var watch = client.watch(projects: [.shop]).makeAsyncIterator()
            while let update = try await watch.next() {
                if update == .connection(.connected) { record.begin(behind: record.place) }
                record.take(update, resumePosition: watch.resumePosition)
            }
        }

        private func report(_ id: String, to daemon: RunningDaemon) async throws -> StatusEvent {
            let client = daemon.client()
            defer { client.close() }
            let receipt = try await client.reportRun(.named(id))
            let event = try #require(receipt.event)
            return StatusEvent(id: event, at: .now, projectID: .shop, kind: "run:finished")
        }

        private func everybody(_ records: [WatchRecord], isAt goal: EventID) async {
            for record in records { await waitUntil { record.isAt(goal) } }
        }
    }
}

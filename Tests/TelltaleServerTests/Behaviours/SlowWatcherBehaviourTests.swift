import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport
import TelltaleServer
import TestSupport
import Testing

/// Watchers that do not keep up, over the wire of a whole server.
@Suite("Behaviours of slow watches", .timeLimit(.minutes(1)))
struct SlowWatcherBehaviourTests {
    private static let eventCount = 10_000

    /// Who reads nothing for so long is cut off.
    private func limits(_ writeTimeout: Duration = .seconds(1.5)) -> ServerLimits {
        var limits = ServerLimits()
        limits.writeTimeout = writeTimeout
        return limits
    }

    @Test("one that stops reading is cut off with the id to resume from, costs no queue, and delays nobody")
    func behaviour17_whoDoesNotReadIsCutOffAndLosesNothing() async throws {
        let rig = try ServerRig(journalCapacity: 2 * Self.eventCount, limits: limits(.seconds(10)))
        try await rig.run([project("shop", [])]) { rig in
            // Its connection stops reading when 64 messages wait for somebody to take them.
            let stuck = try await rig.client().watch()
            let other = try await rig.client().watch()
            _ = try await other.next()
            async let made: Void = rig.makeEvents(Self.eventCount)
            #expect(try await other.events(Self.eventCount).map(\.id.sequence) == Array(1...UInt64(Self.eventCount)))
            try await made
            #expect(rig.watches.counters.slowConsumersCutOff == 0, "it was waited for")
            await eventually { rig.watches.counters.slowConsumersCutOff == 1 }

            var position: UInt64 = 0
            var resumeFrom: EventID?
            let end = await failureOf {
                while let message = try await stuck.next() {
                    switch message {
                    case .event(let event):
                        #expect(event.id.sequence == position + 1)
                        position = event.id.sequence
                    case .goingAway(let id, _, let reason):
                        #expect(reason == .slowConsumer)
                        resumeFrom = id
                    default: break
                    }
                }
            }
            #expect(end?.code == .resourceExhausted)
            #expect(resumeFrom == EventID(epoch: 7, sequence: position))
            // What was written for it filled the socket and one write, and no more.
            #expect(position > 0 && position < UInt64(Self.eventCount) / 2)

            let again = try await rig.client().watch(WatchRequest(resumeAfter: resumeFrom))
            let rest = try await again.events(Self.eventCount - Int(position)).map(\.id.sequence)
            #expect(rest == Array(position + 1...UInt64(Self.eventCount)))
        }
    }

    @Test("one that is cut off before it had its snapshots gets them when it resumes")
    func cutOffWithinSnapshots() async throws {
        let shops = (0..<1_500).map { project("shop-\($0)") }
        try await ServerRig(limits: limits()).run(shops) { rig in
            let stuck = try await rig.client().watch()
            await eventually { rig.watches.counters.slowConsumersCutOff == 1 }
            var resumeFrom: EventID?
            var count = 0
            _ = await failureOf {
                while let message = try await stuck.next() {
                    if case .snapshot = message { count += 1 }
                    if case .goingAway(let id, _, _) = message { resumeFrom = id }
                }
            }
            #expect(count < shops.count)
            let again = try await rig.client().watch(WatchRequest(resumeAfter: resumeFrom))
            guard case .reset = try await again.next() else {
                Issue.record("no reset")
                return
            }
            var seen: Set<ProjectID> = []
            while seen.count < shops.count, let message = try await again.next() {
                if case .snapshot(let envelope, _) = message { seen.insert(envelope.projectID) }
            }
            #expect(seen.count == shops.count)
        }
    }
}

import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCTransport
import TestSupport
import Testing

/// Many watches, many projects, and how a watch ends.
@Suite("Behaviours of many watches", .timeLimit(.minutes(1)))
struct ManyWatchesBehaviourTests {
    @Test("a watch of many projects gets the events of these and of no other")
    func manyProjectsOnOneWatch() async throws {
        let shops = (0..<20).map { project("shop-\($0)", []) }
        try await ServerRig().run(shops) { rig in
            let watched = shops.prefix(10).map(\.id)
            let watch = try await rig.client().watch(WatchRequest(projectIDs: watched))
            for _ in watched { _ = try await watch.next() }
            for shop in shops { try await rig.makeEvents(2, of: shop.id.rawValue) }
            let told = try await watch.events(20)
            #expect(told.map(\.projectID) == watched.flatMap { [$0, $0] })
        }
    }

    @Test("many watches of one project, on one connection and on several, all get each event, as often as they come")
    func oneProjectOnManyWatches() async throws {
        try await ServerRig().run([project("shop", [])]) { rig in
            var watches: [TestWatch] = []
            for _ in 0..<4 {
                let client = try await rig.client()
                for _ in 0..<25 { watches.append(try await client.watch()) }
            }
            for watch in watches { _ = try await watch.next() }
            async let made: Void = rig.makeEvents(30)
            for watch in watches {
                let sequences = try await watch.events(30).map(\.id.sequence)
                #expect(sequences == Array(1...30))
            }
            try await made
        }
    }

    @Test("a watch whose half is open ends when its client closes that, and the others of the connection go on")
    func closingItsHalf() async throws {
        try await ServerRig().run([project("shop", [])]) { rig in
            let client = try await rig.client()
            let (first, second) = (try await client.watch(), try await client.watch())
            _ = try await (first.next(), second.next())
            await first.stream.closeSending()
            #expect(try await first.nextEvent() == nil)
            try await rig.makeEvents(1)
            #expect(try await second.nextEvent()?.id.sequence == 1)
        }
    }

    @Test("a server that drains sends each watch what is left, and where to go on")
    func drain() async throws {
        try await ServerRig().run([project("shop", [])]) { rig in
            let client = try await rig.client()
            var watches: [TestWatch] = []
            for _ in 0..<20 { watches.append(try await client.watch()) }
            for watch in watches { _ = try await watch.next() }
            try await rig.makeEvents(5)
            async let drained: Void = rig.server.drain(within: .seconds(5))
            for watch in watches {
                #expect(try await watch.events(5).count == 5)
                let last = try await watch.next()
                #expect(last == .goingAway(resumeFrom: EventID(epoch: 7, sequence: 5), retryAfter: .seconds(1)))
                #expect(try await watch.next() == nil)
            }
            await drained
        }
    }
}

import StatusCore
import StatusModel
import Testing

@Suite("Action offers")
struct ActionOffersTests {
    @Test("a viewer is offered nothing")
    func viewer() {
        #expect(Samples.view(Samples.record(reading: Samples.reading()), role: .viewer).status.actions.isEmpty)
    }

    @Test("an action that the role may not perform is not shown")
    func editor() {
        let view = Samples.view(Samples.record(reading: Samples.reading()), role: .editor)
        #expect(view.status.actions.map(\.action) == ["push", "pull", "sync"])
    }

    @Test("a linked item offers everything but to connect it again, and says why")
    func linked() {
        let offers = Samples.view(Samples.record(reading: Samples.reading())).status.actions
        #expect(offers.map(\.action) == ["connect", "disconnect", "reconnect", "push", "pull", "sync"])
        #expect(offers.filter { !$0.can }.map(\.action) == ["connect"])
        #expect(offers.allSatisfy { $0.can == $0.reason.isEmpty })
    }

    @Test(
        "an item that is not in force offers only what leads there",
        arguments: [
            (.notLinked, ["connect"]), (.revoked, ["connect", "reconnect"]), (.disabled, []),
        ] as [(ItemRecord.LinkState, [String])])
    func notInForce(link: ItemRecord.LinkState, possible: [String]) {
        let offers = Samples.view(ItemRecord(key: Samples.github, link: link)).status.actions
        #expect(offers.filter(\.can).map(\.action) == possible)
        #expect(offers.allSatisfy { $0.can == $0.reason.isEmpty })
    }

    @Test(
        "what needs the provider's consent is forbidden while it refuses or throttles",
        arguments: [
            (Samples.revoked, ["connect", "disconnect", "reconnect"]),
            (Samples.throttled, ["disconnect", "reconnect"]),
            (Samples.failure(), ["disconnect", "reconnect", "push", "pull", "sync"]),
        ])
    func failing(failure: ProviderFailure, possible: [String]) {
        let offers = Samples.view(Samples.record(reading: Samples.reading(), failure: failure)).status.actions
        #expect(offers.filter(\.can).map(\.action) == possible)
    }

    @Test("only what sleeps can be woken")
    func wake() {
        let worker = ItemKey.service("worker")
        let offer = { (record: ItemRecord) in
            Samples.view(record).status.actions.first { $0.action == "wake" }?.can
        }
        #expect(offer(Samples.record(worker, reading: Samples.reading(worker))) == false)
        #expect(offer(Samples.record(worker, failure: Samples.failure(.sleeping, cause: .provider))) == true)
    }
}

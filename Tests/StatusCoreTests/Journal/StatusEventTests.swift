import StatusCore
import StatusModel
import Testing

@Suite("An event")
struct StatusEventTests {
    @Test("holds the items that changed, whole, as the view's role may see them")
    func content() {
        let snapshot = Samples.project([Samples.github, .service("worker")], hidden: [.service("worker"): [.viewer]])
            .applied(reading: Samples.reading(), for: Samples.github, at: Samples.start)
        let view = Samples.render(snapshot, role: .viewer).envelope
        let event = StatusEvent(
            id: EventID(epoch: 1, sequence: 2), at: Samples.start.wall, kind: EventKind.statusUpdate,
            changed: [.service("worker"), Samples.github, .service("gone")], view: view)
        #expect(event.items.prefix(2) == [view.items[0], view.services[0]])
        // A service that has gone is named, and said to be linked no more.
        #expect(event.items.count == 3 && event.items[2].key == .service("gone"))
        #expect(event.items[2].configuredReason == .notLinked && event.items[2].actions.isEmpty)
        #expect(event.items[0].label == "Private repository")
        #expect(event.items[1].configuredReason == .hiddenByPolicy)
        #expect(event.overall == .connected && event.hash == view.hash && event.projectID == view.projectID)
    }
}

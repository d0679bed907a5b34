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
        #expect(event.items == [view.items[0], view.services[0]])
        #expect(event.items[0].label == "Private repository")
        #expect(event.items[1].configuredReason == .hiddenByPolicy)
        #expect(event.overall == .connected && event.hash == view.hash && event.projectID == view.projectID)
    }
}

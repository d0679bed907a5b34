import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TestSupport

extension EngineRig {
    /// The events that a watcher in the role gets after a place, oldest first; nil where it gets a reset.
    func events(after place: EventID, role: Role = .owner) -> [StatusEvent]? {
        guard case .events(let entries) = journal.events(after: place, limit: 10_000) else { return nil }
        return entries.compactMap { $0.event.bytes(for: role) }.compactMap { bytes in
            guard let message = try? WatchMessage(decoding: bytes, in: MessageArena()), case .event(let event) = message
            else { return nil }
            return event
        }
    }

    /// Reports a run of the shop.
    @discardableResult
    func reportRun(_ id: String) async throws -> EventID? {
        guard let shop = ProjectID("shop") else { return nil }
        let results = [RunResult(name: "home", passed: true)]
        return try await engine.report(
            RunReport(projectID: shop, kind: .smokeTests, results: results, runID: id))?.event
    }

    /// Waits until every event is published.
    func published() async { await eventually { !journal.hasUnpublished } }
}

import StatusModel
package import TelltaleClient

extension JSONValue {
    /// One update of a watch: an object whose one name says what it is.
    package static func update(_ update: StatusUpdate) -> Self {
        switch update {
        case .snapshot(let envelope, let asOf):
            .object(["snapshot": .object(["envelope": .envelope(envelope), "as_of": .event(asOf)])])
        case .event(let event): .object(["event": .statusEvent(event)])
        case .heartbeat(let id, let at): .object(["heartbeat": .object(["id": .event(id), "at": .time(at)])])
        case .reset(let reset): .object(["reset": .watchReset(reset)])
        case .connection(let connection): .object(["connection": .connection(connection)])
        }
    }

    private static func statusEvent(_ event: StatusEvent) -> Self {
        .object([
            "id": .event(event.id),
            "at": .time(event.at),
            "project_id": .text(event.projectID.rawValue),
            "kind": .text(event.kind),
            "items": .list(event.items, item),
            "overall": .text(event.overall.rawValue),
            "hash": .text(event.hash),
            "revision": .unsigned(event.revision),
            "message": .text(event.message),
            "collapsed": .unsigned(event.collapsed),
            "operation": event.operation.map(operation) ?? .null,
        ])
    }

    private static func watchReset(_ reset: WatchReset) -> Self {
        .object([
            "reason": .text(reset.reason.rawValue), "lost_from": .unsigned(reset.lostFrom),
            "lost_to": .unsigned(reset.lostTo), "lost_count": .unsigned(reset.lostCount),
            "lost_items": .list(reset.lostItems) {
                .object(["project_id": .text($0.projectID.rawValue), "key": .text($0.key.description)])
            },
            "more_items": .bool(reset.hasMoreItems), "resume_from": .event(reset.resumeFrom),
        ])
    }

    private static func connection(_ connection: WatchConnection) -> Self {
        switch connection {
        case .connected: .object(["state": .text("connected")])
        case .reconnecting(let attempt, _, let error):
            .object(["state": .text("reconnecting"), "attempt": .count(attempt), "error": .failure(error)])
        case .polling(let error): .object(["state": .text("polling"), "error": .failure(error)])
        }
    }

    private static func failure(_ error: TelltaleError) -> Self {
        .object([
            "code": .text(error.code.description), "reason": .text(error.reason), "message": .text(error.message),
        ])
    }
}

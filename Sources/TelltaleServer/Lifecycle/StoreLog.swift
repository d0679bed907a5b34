import StatusCore
package import StatusStore

/// Tells the log what happens to the store.
package struct StoreLog: Sendable {
    private let logger: Logger
    private let path: String

    /// `path` is where the store is.
    package init(logger: Logger, path: String) {
        self.logger = logger
        self.path = path
    }

    /// The store tells of trouble once for each kind, and once when it is over.
    package func happened(_ notice: StoreNotice) {
        let place = [LogField.text("path", path)]
        switch notice {
        case .created: logger.notice("store created; keys of actions that were given before are not known", place)
        case .migrated(let from, let to):
            logger.notice("store brought to a newer schema", place + [.number("from", from), .number("to", to)])
        case .setAside(let aside):
            logger.error("store was damaged; it is set aside and begun anew", place + [.text("setAside", aside)])
        case .salvaged(let rows, let lostTables):
            logger.warning(
                "what could be read of the damaged store is kept",
                place + [.number("rows", rows), .text("lostTables", lostTables.joined(separator: " "))])
        case .putBack:
            logger.notice("store may have been put back from a copy; watchers are told, and begin anew", place)
        case .markRefused(let mark):
            logger.error(
                "mark beside the store cannot be written; each start counts keys of actions as lost until it can",
                place + [.text("mark", mark)])
        case .keysLost(let end):
            logger.warning(
                "store may have forgotten keys of actions; they are refused unless the caller vouches for them",
                place + [.text("until", LogEncoder.timestamp(end))])
        case .trouble(let error):
            logger.error("store cannot keep anything; it tries again", place + [.text("reason", error.message)])
        case .recovered: logger.notice("store keeps again", place)
        case .reached: logger.notice("store is open at last, and keeps from now on", place)
        }
    }
}

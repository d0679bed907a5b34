package import LinuxSystem
package import TTRPCCore
package import TTRPCTransport

/// Tells the log about connections that were refused or cut off, and counts the refused; those that come and go are for
/// whoever debugs.
package struct ConnectionLog: ServerObserver {
    let logger: Logger
    let refusals: RefusalCounts

    package init(logger: Logger, refusals: RefusalCounts) {
        self.logger = logger
        self.refusals = refusals
    }

    package func connectionOpened(_ peer: PeerCredentials) {
        logger.debug("connection opened", [.number("uid", peer.uid), .number("pid", peer.pid)])
    }

    package func connectionClosed(_ peer: PeerCredentials, reason: String) {
        logger.debug(
            "connection closed", [.number("uid", peer.uid), .number("pid", peer.pid), .text("reason", reason)])
    }

    package func connectionRefused(_ peer: PeerCredentials, _ reason: ConnectionRefusal, status: RPCStatus) {
        refusals.note(reason)
        logger.warning(
            "connection refused",
            [.number("uid", peer.uid), .number("pid", peer.pid), .text("reason", status.message)])
    }

    /// `told` says whether the peer will find the streams' last words when it reads on.
    package func streamsCutOff(_ peer: PeerCredentials, count: Int, told: Bool) {
        logger.warning(
            "streams cut off, nobody read them",
            [
                .number("uid", peer.uid), .number("pid", peer.pid), .number("streams", count), .flag("told", told),
            ])
    }
}

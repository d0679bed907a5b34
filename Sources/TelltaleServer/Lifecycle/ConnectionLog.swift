import LinuxSystem
import TTRPCCore
import TTRPCTransport

/// Tells the log about connections that were refused or cut off; those that come and go are for whoever debugs.
struct ConnectionLog: ServerObserver {
    let logger: Logger

    func connectionOpened(_ peer: PeerCredentials) {
        logger.debug("connection opened", [.number("uid", peer.uid), .number("pid", peer.pid)])
    }

    func connectionClosed(_ peer: PeerCredentials, reason: String) {
        logger.debug(
            "connection closed", [.number("uid", peer.uid), .number("pid", peer.pid), .text("reason", reason)])
    }

    func connectionRefused(_ peer: PeerCredentials, status: RPCStatus) {
        logger.warning(
            "connection refused",
            [.number("uid", peer.uid), .number("pid", peer.pid), .text("reason", status.message)])
    }
}

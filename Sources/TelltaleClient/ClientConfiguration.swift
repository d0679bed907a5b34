import FoundationEssentials
public import StatusModel

extension TelltaleClient {
    /// Where the daemon is, on whose behalf the client speaks, and how long it waits.
    public struct Configuration: Hashable, Sendable {
        /// The sockets to try, in this order; the first on which a daemon listens is used.
        public var socketPaths: [String]
        /// How long a call waits for its answer unless it says otherwise; 5 s. A call that grants the daemon time to
        /// refresh (`ReadersContract.maxWait`) waits for that much longer.
        public var timeout: Duration
        /// On whose behalf calls are made, as the daemon's log is to name them; nil for the process itself.
        public var user: String?
        /// The role to act in, up to the ceiling that the daemon grants this process; nil for that ceiling.
        public var role: Role?

        /// Makes one from its parts.
        ///
        /// - Parameters:
        ///   - socketPath: The daemon's socket. If nil, the rule of ``StatusModel/SocketPath`` finds it.
        ///   - timeout: How long a call waits for its answer.
        ///   - user: On whose behalf calls are made.
        ///   - role: The role to act in.
        ///   - environment: The variables that the rule reads; nil for those of this process.
        public init(
            socketPath: String? = nil, timeout: Duration = .seconds(5), user: String? = nil, role: Role? = nil,
            environment: [String: String]? = nil
        ) {
            socketPaths = SocketPath.candidates(
                option: socketPath, environment: environment ?? ProcessInfo.processInfo.environment)
            self.timeout = timeout
            self.user = user
            self.role = role
        }

        /// What every request carries of this.
        var metadata: [(key: String, value: String)] {
            [("telltale-user", user), ("telltale-role", role?.rawValue)].compactMap { key, value in
                value.map { (key, $0) }
            }
        }
    }
}

public import StatusModel

/// The statuses of projects as they change: snapshots first, then every event, across restarts of the daemon.
///
/// The sequence is pulled: it reads from its connection only while its reader waits for an element, and keeps nothing
/// else. A connection that breaks is made again by itself, at random within 1, 2, 5, 10, 30 and at last 60 s, and goes on
/// behind the last event: each event is given once, in order, and what is not given is named by a reset or by
/// ``StatusEvent/collapsed``. Each iterator is a watch of its own, with a connection of its own.
///
/// It ends when the reading task is cancelled, which closes the connection, and throws what no further attempt would
/// better: a wrong request, an unknown project, a caller who may not read at all.
public struct StatusUpdates: AsyncSequence, Sendable {
    /// Updates of the projects, and of the watch itself.
    public typealias Element = StatusUpdate
    /// What ends a watch for good.
    public typealias Failure = TelltaleError

    let client: TelltaleClient
    let request: WatchTarget

    /// Begins a watch; nothing is opened before the first element is asked for.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client: client, request: request) }

    /// One watch.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let client: TelltaleClient
        let request: WatchTarget
        /// From where another watch may go on, once the last update is dealt with: to be kept by a reader who outlives its
        /// process. Nil while snapshots are still to come; it then begins with those.
        public private(set) var resumePosition: EventID?
        private var driver: WatchDriver?

        init(client: TelltaleClient, request: WatchTarget) {
            self.client = client
            self.request = request
            resumePosition = request.resumeAfter
        }

        /// The next update; nil once the task is cancelled.
        public mutating func next() async throws(TelltaleError) -> StatusUpdate? {
            let driver = try opened()
            guard let step = try await driver.next() else { return nil }
            resumePosition = step.position
            return step.update
        }

        private mutating func opened() throws(TelltaleError) -> WatchDriver {
            if let driver { return driver }
            let driver = WatchDriver(channel: try client.channel(), target: request)
            self.driver = driver
            return driver
        }

        /// As ``next()``.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TelltaleError) -> StatusUpdate? {
            try await next()
        }
    }
}

/// What is watched.
struct WatchTarget: Hashable, Sendable {
    var projects: [ProjectID]
    var resumeAfter: EventID?
    var kinds: [String]
}

extension TelltaleClient {
    /// Watches projects.
    ///
    /// - Parameters:
    ///   - projects: The projects, at most 1024; none means all that the role may see, also those that are added later.
    ///   - resumeAfter: Go on behind this event: the ``StatusUpdates/AsyncIterator/resumePosition`` of an earlier watch, or
    ///     the id of the last event or heartbeat that the caller has dealt with; nil to begin with a snapshot of each project.
    ///   - kinds: The kinds of events wanted, such as `status:update` or `deploy:*`, at most 32; none means all.
    /// - Returns: the updates; each iterator is a watch of its own.
    public func watch(
        projects: [ProjectID] = [], resumeAfter: EventID? = nil, kinds: [String] = []
    ) -> StatusUpdates {
        StatusUpdates(
            client: self, request: WatchTarget(projects: projects, resumeAfter: resumeAfter, kinds: kinds))
    }
}

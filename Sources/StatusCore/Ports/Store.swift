package import StatusModel

/// Where the daemon keeps what must survive it (SPEC §5).
///
/// A host has one of its own; one that many hosts share may follow. A store that cannot keep anything at the moment throws
/// each time, and goes on by itself once it can: whoever saves tries again.
package protocol Store: Sendable {
    /// How it stands with the store at this moment. From any thread, without waiting.
    var state: StoreState { get }

    /// What is needed to answer and to be polite, as it was kept last.
    func load() async throws(StoreError) -> StoreContent

    /// Keeps all of a batch or nothing. It is durable when the call returns: neither a crash nor the loss of power takes it.
    func save(_ batch: StoreBatch) async throws(StoreError)

    /// A run that was reported under this id; nil when none is kept.
    func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun?

    /// A webhook that was taken under this name for a project; nil when none is kept.
    func delivery(_ id: String, of project: ProjectID, from provider: ProviderKey) async throws(StoreError)
        -> StoredDelivery?

    /// An operation by its own id.
    func operation(_ id: String) async throws(StoreError) -> OperationRecord?

    /// An operation by the key under which its owner asked for it, over all projects.
    func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord?

    /// Makes sure, before a key counts as new, that nothing is kept under it which ``operation(_:)-(OperationName)`` may have
    /// missed. It looks at a day's operations, so it is for those alone that a limit has admitted.
    ///
    /// - Throws: That the store is damaged, where something is.
    func makeSureUnknown(_ name: OperationName) async throws(StoreError)

    /// At most `limit` operations of a project, or of one of its items, the newest first: those behind a place, or the first.
    func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord]

    /// At most `limit` events after a place in the journal, oldest first; fewer where these take more than
    /// ``StoredEvent/pageBytesMax``.
    func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent]

    /// Forgets what is past its time: events, webhooks and runs from before `moment`, operations that ended before
    /// `operationsMoment`, and limits that had ended by `moment` or have since. The newest run of each kind of a project stays.
    func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError)

    /// Counts no key as forgotten any more (``StoreState/keyLoss``), durably.
    ///
    /// - Returns: Whether any counted so.
    func acceptKeyLoss() async throws(StoreError) -> Bool
}

extension Store {
    /// One without an index misses nothing.
    package func makeSureUnknown(_ name: OperationName) async throws(StoreError) {}
}

extension Store {
    /// Of one that forgets none.
    package func acceptKeyLoss() async throws(StoreError) -> Bool { false }
}

/// Why a store could not keep or give.
package struct StoreError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// No space is left.
        case full
        /// What is kept is damaged.
        case corrupt
        /// A newer daemon wrote it.
        case newerSchema
        /// Another daemon uses it.
        case inUse
        /// It cannot be reached.
        case unavailable
    }

    package var code: Code
    /// What the operator can do, in one sentence.
    package var message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}

/// How it stands with a store, for health and for whoever asks why.
package struct StoreState: Hashable, Sendable {
    /// Where it keeps; empty for one that lasts no longer than the process.
    package var path: String
    /// How large the file is, in bytes.
    package var bytes: UInt64
    /// What keeps it from keeping; nil while it can.
    package var error: StoreError?
    /// How often it was begun anew in the place of a damaged or lost one: whoever knows more is to save all of it then.
    package var generation: UInt64 = 0
    /// That it may have forgotten keys; nil where it never has.
    package var keyLoss: KeyLoss?

    package init(path: String = "", bytes: UInt64 = 0, error: StoreError? = nil) {
        self.path = path
        self.bytes = bytes
        self.error = error
    }
}

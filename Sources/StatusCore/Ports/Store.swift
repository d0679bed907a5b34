package import StatusModel

/// What a store keeps of one item.
package struct StoredItem: Hashable, Sendable {
    package var project: ProjectID
    package var key: ItemKey
    package var reading: Reading?
    package var failure: FailureRecord?

    package init(project: ProjectID, key: ItemKey, reading: Reading?, failure: FailureRecord?) {
        self.project = project
        self.key = key
        self.reading = reading
        self.failure = failure
    }
}

/// Why a store could not keep or give.
package struct StoreError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        case full, corrupt, newerSchema, unavailable
    }

    package var code: Code
    /// What the operator can do, in one sentence.
    package var message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}

/// Where the daemon keeps what must survive it. Writes are batches and durable when the call returns.
package protocol Store: Sendable {
    /// Everything kept, at start.
    func load() async throws(StoreError) -> [StoredItem]
    /// Keeps the items, all or none.
    func save(_ items: [StoredItem]) async throws(StoreError)
    /// Forgets all of a project.
    func remove(project: ProjectID) async throws(StoreError)
}

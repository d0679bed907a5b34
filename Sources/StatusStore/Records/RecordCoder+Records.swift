package import StatusCore

// One pair for each table.

extension RecordCoder {
    package func encode(_ project: StoredProject) -> [UInt8] { encoded(project) }

    package func project(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredProject {
        try decoded(bytes)
    }

    package func encode(_ link: StoredLink) -> [UInt8] { encoded(link) }

    package func link(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredLink { try decoded(bytes) }

    /// The state of the item's link is not written.
    package func encode(_ item: StoredItem) -> [UInt8] { encoded(item) }

    /// The item counts as linked: the configuration says whether it is.
    package func item(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredItem { try decoded(bytes) }

    package func encode(_ breaker: StoredBreaker) -> [UInt8] { encoded(breaker) }

    package func breaker(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredBreaker {
        try decoded(bytes)
    }

    package func encode(_ limit: StoredLimit) -> [UInt8] { encoded(limit) }

    package func limit(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredLimit { try decoded(bytes) }

    package func encode(_ budget: StoredBudget) -> [UInt8] { encoded(budget) }

    package func budget(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredBudget { try decoded(bytes) }

    package func encode(_ run: StoredRun) -> [UInt8] { encoded(run) }

    package func run(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredRun { try decoded(bytes) }

    package func encode(_ delivery: StoredDelivery) -> [UInt8] { encoded(delivery) }

    package func delivery(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredDelivery {
        try decoded(bytes)
    }

    /// Whether it was begun is not written.
    package func encode(_ operation: OperationRecord) -> [UInt8] { encoded(operation) }

    package func operation(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> OperationRecord {
        try decoded(bytes)
    }

    package func encode(_ change: StoredLinkChange) -> [UInt8] { encoded(change) }

    package func linkChange(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredLinkChange {
        try decoded(bytes)
    }

    /// What each role sees is written for as many roles as there are.
    package func encode(_ event: StoredEvent) -> [UInt8] { encoded(event) }

    package func event(from bytes: UnsafeRawBufferPointer) throws(RecordError) -> StoredEvent { try decoded(bytes) }
}

package import StatusCore
package import StatusEngine
package import StatusStore

/// A store with a life of its own, of which the daemon takes care; the engine knows it as a ``Store``.
package protocol ManagedStore: Store {
    /// Gets it ready. One that cannot keep anything at the moment opens all the same, and says so in its state.
    ///
    /// - Throws: `newerSchema` or `inUse`: then this daemon must not run with it.
    func open() async throws(StoreError)

    /// Looks all of it through for damage. It takes a while, so it is for when the daemon answers already.
    ///
    /// - Returns: what it found; nil when all is well. A damaged one has been begun anew by then.
    func check() async -> StoreError?

    /// Ends it. Nothing is kept or given afterwards.
    func close() async
}

extension SQLiteStore: ManagedStore {}

extension MemoryStore: ManagedStore {
    package func open() async throws(StoreError) {}

    package func check() async -> StoreError? { nil }

    package func close() async {}
}

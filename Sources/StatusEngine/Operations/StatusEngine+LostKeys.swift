package import StatusCore

extension StatusEngine {
    /// Counts no key as forgotten any more: from then on one that is not known is new.
    ///
    /// - Returns: Whether any counted so.
    package func acceptLostKeys() async throws(StoreError) -> Bool { try await store.acceptKeyLoss() }
}

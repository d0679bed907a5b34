import StatusCore
package import StatusModel

extension StatusEngine {
    /// How it stands with what is kept on disk.
    package func storeStats() -> StoreStats {
        let state = store.state
        // The store's own word is the newer one.
        let trouble = (state.error ?? storeError)?.message ?? ""
        return StoreStats(
            path: state.path, bytes: state.bytes, isPersisting: trouble.isEmpty, trouble: trouble,
            pending: pending.count, lastSavedAt: lastSavedAt?.wall(asOf: time.now))
    }
}

import StatusCore
package import StatusModel

extension StatusEngine {
    /// How it stands with what is kept on disk, as a role may read it.
    package func storeStats(for role: Role) -> StoreStats {
        let state = store.state
        // The store's own word is the newer one.
        let trouble = (state.error ?? storeError)?.message(for: role) ?? ""
        return StoreStats(
            path: role >= .admin ? state.path : "", bytes: state.bytes, isPersisting: trouble.isEmpty, trouble: trouble,
            pending: pending.count, lastSavedAt: lastSavedAt?.wall(asOf: time.now))
    }
}

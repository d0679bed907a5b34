import Glibc
import StatusCore
import StatusEngine

extension DaemonProgram {
    /// The store that the configuration asks for, not opened yet.
    static func makeStore(
        _ options: DaemonOptions, _ configuration: StoreConfiguration, _ environment: [String: String]
    ) -> any ManagedStore {
        guard configuration.isEnabled else { return MemoryStore() }
        let path = StorePath.resolve(
            option: options.store, configured: configuration.path, environment: environment, userID: geteuid())
        _ = path
        return MemoryStore()
    }

    /// What a store that must not be used means for the process: 78 when a newer daemon wrote it, which an operator has
    /// to decide about, and 75 when another daemon uses it.
    static func exitStatus(refusedBy error: StoreError) -> Int32 {
        error.code == .newerSchema ? EX_CONFIG : EX_TEMPFAIL
    }
}

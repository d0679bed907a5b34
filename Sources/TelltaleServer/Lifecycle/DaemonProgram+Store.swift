import Glibc
import StatusCore
import StatusEngine
import StatusStore

extension DaemonProgram {
    /// The store that the configuration asks for, open.
    ///
    /// - Throws: `newerSchema` and `inUse`, which an operator must mend before the daemon can start; `unavailable` where the
    ///   host has no thread for it. Any other trouble is the store's own, and may pass.
    static func openStore(
        _ options: DaemonOptions, _ configuration: StoreConfiguration, _ environment: [String: String],
        _ logger: Logger, _ time: SystemTime
    ) async throws(StoreError) -> any ManagedStore {
        guard configuration.isEnabled else { return MemoryStore(keepsEvents: false) }
        let path = StorePath.resolve(
            option: options.store, configured: configuration.path, environment: environment, userID: geteuid())
        let log = StoreLog(logger: logger, path: path)
        let store = try SQLiteStore(path: path, time: time) { log.happened($0) }
        try await store.open()
        return store
    }

    /// What a store that cannot be used means for the process: 78 when a newer daemon wrote it, which an operator has to
    /// decide about, 75 when another daemon uses it, and 71 when the host has no thread for it.
    static func exitStatus(refusedBy error: StoreError) -> Int32 {
        switch error.code {
        case .newerSchema: EX_CONFIG
        case .inUse: EX_TEMPFAIL
        case .full, .corrupt, .unavailable: EX_OSERR
        }
    }
}

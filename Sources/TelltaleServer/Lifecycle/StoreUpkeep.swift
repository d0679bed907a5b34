package import StatusCore

/// What a store needs while the daemon runs: a look for damage once the daemon answers, and that it forgets in time.
package struct StoreUpkeep: Sendable {
    /// How often what is past its time is forgotten.
    package static let interval = Duration.seconds(3_600)

    private let store: any ManagedStore
    private let time: any TimeSource
    private let keep: Duration
    private let begunAnew: @Sendable () async -> Void

    /// - Parameters:
    ///   - store: Open.
    ///   - keep: How long events, webhooks and runs stay; operations no shorter than their keys count.
    ///   - time: The clocks.
    ///   - begunAnew: Is told when the store was found damaged, and lacks what was not to be read of it.
    package init(
        _ store: any ManagedStore, keep: Duration, time: any TimeSource,
        begunAnew: @escaping @Sendable () async -> Void
    ) {
        self.store = store
        self.keep = keep
        self.time = time
        self.begunAnew = begunAnew
    }

    /// Runs until the task is cancelled.
    package func run() async {
        await answer(store.check())
        while true {
            await answer(prune())
            do { try await time.sleep(until: time.now.instant.advanced(by: Self.interval)) } catch { return }
        }
    }

    /// What it refuses now it gets to hear again in an hour.
    private func prune() async -> StoreError? {
        do throws(StoreError) {
            let now = time.now
            let operationsKeep = max(keep, OperationName.lifetime)
            try await store.prune(
                before: now.advanced(by: .zero - keep), operationsBefore: now.advanced(by: .zero - operationsKeep))
            return nil
        } catch {
            return error
        }
    }

    /// The store tells of its trouble by itself. Only that it has lost something is to be answered.
    private func answer(_ trouble: StoreError?) async {
        if trouble?.code == .corrupt { await begunAnew() }
    }
}

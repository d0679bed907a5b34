package import StatusCore

/// What a store needs while the daemon runs: a look for damage once the daemon answers, and that it forgets in time.
package struct StoreUpkeep: Sendable {
    /// How often what is past its time is forgotten.
    package static let interval = Duration.seconds(3_600)

    private let store: any ManagedStore
    private let time: any TimeSource
    private let keep: Duration

    /// `keep` is how long events stay, and runs and operations that are over.
    package init(_ store: any ManagedStore, keep: Duration, time: any TimeSource) {
        self.store = store
        self.keep = keep
        self.time = time
    }

    /// Runs until the task is cancelled.
    package func run() async {
        await store.check()
        while true {
            // What it refuses now it gets to hear again in an hour; that it is in trouble is told by itself.
            do throws(StoreError) { try await store.prune(before: time.now.advanced(by: .zero - keep)) } catch {}
            do { try await time.sleep(until: time.now.instant.advanced(by: Self.interval)) } catch { return }
        }
    }
}

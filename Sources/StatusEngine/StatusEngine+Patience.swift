import StatusCore
import StatusModel

// Events that wait for the store.
extension StatusEngine {
    /// Sees to it that no event waits for the store for longer than ``EngineConfiguration/storePatience``.
    func startWaitingForStore() {
        // Owned by `impatience`, which `run()` awaits.
        if impatience == nil, journal.hasUnpublished { impatience = Task { await waitForStore() } }
    }

    private func waitForStore() async {
        defer { impatience = nil }
        while let since = journal.waitingSince {
            let end = since.instant.advanced(by: configuration.storePatience)
            if end <= time.now.instant {
                goOnWithoutStore()
                // What is being saved has events under other ids by now.
                putBackInFlight()
                continue
            }
            do { try await time.sleep(until: end) } catch { return }
        }
    }

    /// Publishes what waits, under ids of another epoch.
    func goOnWithoutStore() {
        journal.storeFailed(at: time.now)
        board.noteEpoch(journal.newestID.epoch)
    }
}

import LinuxSystem
import StatusCore
import StatusEngine
import StatusModel
import TTRPCTransport

// Events that the journal no longer has in memory, for watchers that resume far back.
extension WatchHub {
    /// Lends a page to a watcher for as long as the body takes.
    func handOver(_ page: EventArchive.Page, to number: UInt32, _ body: () -> Void) {
        self.page = (number, page)
        body()
        self.page = nil
    }

    /// The page that is being handed over to the watcher, once.
    func takePage(of number: UInt32) -> EventArchive.Page? {
        guard let page, page.number == number else { return nil }
        self.page = nil
        return page.page
    }

    /// The page that is being handed over to this watcher, if it is the one; else asks for it.
    func archived(
        _ place: EventID, for session: WatchSession, missing: (from: UInt64, to: UInt64)
    ) -> Following {
        guard let page = takePage(of: session.number) else {
            reads.ask(for: session.number)
            startReads()
            return .comesLater
        }
        // It may be where an epoch ended after which nothing was lost.
        let place = engine.journal.continued(place)
        let isEarlier = place.epoch != engine.journal.newestID.epoch
        switch page {
        case .lost(let from, let to): return .lost(isEarlier ? .epoch : .truncated(lostFrom: from, lostTo: to))
        // It is asked again when the watcher is, with its next heartbeat at the latest. An epoch that ended did so because
        // of the store, and nobody is kept from what happens now until that is mended.
        case .notNow: return isEarlier ? .lost(.epoch) : .comesLater
        case .events(let entries):
            // The store was asked for what follows on this place; anything else would be a gap or a repetition.
            guard let first = entries.first?.id, first.epoch == place.epoch, first.sequence == place.sequence + 1 else {
                return .lost(isEarlier ? .epoch : .truncated(lostFrom: missing.from, lostTo: missing.to))
            }
            // What the store has and the journal has not told yet comes from the journal, when it does.
            return .events(entries.prefix { isEarlier || $0.id.sequence <= position.sequence })
        }
    }

    private func startReads() {
        while let number = reads.next() {
            guard let place = sessions[Int(number)]?.position else { continue }
            // The watch cancels it when it ends; the read is one call of the store, and tells its end here in any case. Who
            // closes the store waits for it.
            readsUnderWay.began()
            let task = Task { [archive = engine.archive] in
                defer { readsUnderWay.ended() }
                let page = await archive.page(after: place)
                delivered(page, to: number)
            }
            reads.started(number, task)
        }
    }

    /// From the read's task.
    private func delivered(_ page: EventArchive.Page, to number: UInt32) {
        if pages.put(page, for: number) { loop.signal(self, token: Token.pages) }
    }

    /// Hands each page to its watcher. One whose socket takes nothing now asks again when it does.
    func deliverPages() {
        for (number, page) in pages.takeAll() {
            reads.ended(number)
            if let session = sessions[Int(number)] {
                handOver(page, to: number) { session.waker.pullNow() }
            } else {
                freeNumbers.append(number)
            }
        }
        startReads()
    }
}

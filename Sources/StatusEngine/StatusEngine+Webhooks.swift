package import StatusCore
package import StatusModel

// Webhooks (SPEC §3): they show at once and are confirmed by a read; nothing acknowledged is lost, and nothing counts twice.
extension StatusEngine {
    /// The link of a project whose webhooks of a provider can be checked; nil when the configuration names no secret for it.
    package func webhookLink(of provider: ProviderKey, in project: ProjectID) -> WebhookLink? {
        projects[project]?.definition.webhookLink(of: provider)
    }

    /// Those links of all projects that a delivery may be about, by the names that it gives.
    package func webhookLinks(of provider: ProviderKey, named names: [String]) -> [WebhookLink] {
        webhookIndex.projects(linking: names, of: provider).prefix(Self.linksPerDeliveryMax).compactMap {
            webhookLink(of: provider, in: $0)
        }
    }

    /// With what a provider's webhooks are signed, of all projects; each once, and at most `limit`.
    package func webhookSecrets(of provider: ProviderKey, limit: Int) -> [CredentialReference] {
        Array(webhookIndex.secrets(of: provider).prefix(limit))
    }

    /// The most projects that one delivery is handed to.
    package static let linksPerDeliveryMax = 256

    /// Takes a webhook for the projects that link what it is about, and returns once it is durable.
    ///
    /// What it says shows at once. Where the store cannot keep it the error says so, and it is kept as soon as the store can;
    /// the same delivery made again waits for that and counts no second time.
    ///
    /// - Parameters:
    ///   - webhook: A genuine one.
    ///   - provider: Who sent it.
    ///   - ids: The projects; those that it says nothing of are passed over.
    /// - Returns: The events that it became; a duplicate when all projects had it before.
    /// - Throws: Why the store cannot keep it at the moment, or look whether it came before.
    package func take(
        _ webhook: any Webhook, from provider: ProviderKey, for ids: [ProjectID]
    ) async throws(StoreError) -> WebhookReceipt {
        if deliveries.isFull { try await makeDeliveriesDurable() }
        var takings: [Taking] = []
        for id in ids {
            if let taking = try await take(webhook, from: provider, for: id) { takings.append(taking) }
        }
        if takings.contains(where: { !$0.isDurable }) { try await makeDeliveriesDurable() }
        return WebhookReceipt(
            events: takings.flatMap(\.events).map(journal.issued),
            isDuplicate: !takings.isEmpty && takings.allSatisfy(\.isDuplicate))
    }

    /// What a delivery came to in one project.
    private struct Taking {
        var events: [EventID]
        var isDuplicate: Bool
        var isDurable: Bool

        init(events: [EventID], isDuplicate: Bool = false, isDurable: Bool = false) {
            (self.events, self.isDuplicate, self.isDurable) = (events, isDuplicate, isDurable)
        }

        init(_ known: Ledger<DeliveryName, [EventID]>.Entry) {
            self.init(events: known.outcome, isDuplicate: true, isDurable: known.isDurable)
        }
    }

    /// Nil when it says nothing of the project.
    private func take(
        _ webhook: any Webhook, from provider: ProviderKey, for id: ProjectID
    ) async throws(StoreError) -> Taking? {
        guard news(in: webhook, from: provider, for: id) != nil else { return nil }
        let name = DeliveryName(webhook.deliveryID, of: id, from: provider)
        if let name {
            if let known = deliveries[name] { return Taking(known) }
            deliveries.beginLookup(of: name)
            let stored: StoredDelivery?
            do throws(StoreError) {
                stored = try await store.delivery(name.id, of: id, from: provider)
            } catch {
                deliveries.endLookup(of: name)
                throw error
            }
            // It may have come while the store was asked.
            let known = deliveries[name]
            deliveries.endLookup(of: name)
            if let known { return Taking(known) }
            if let stored { return Taking(events: stored.events, isDuplicate: true, isDurable: true) }
        }
        // The project may be another by now.
        guard let news = news(in: webhook, from: provider, for: id) else { return nil }
        // Nothing to remember: it changes nothing under any other name either. What is known may wait for the store still.
        guard news != .known else { return Taking(events: []) }
        guard !deliveries.isFull else { throw tooManyDeliveries }
        let events = apply(news, of: .provider(provider), to: id)
        deliveries.add(name, events)
        if let name { keepDelivery(name, events) }
        return Taking(events: events)
    }

    private func news(in webhook: any Webhook, from provider: ProviderKey, for id: ProjectID) -> WebhookNews? {
        guard let project = projects[id], let link = project.definition.webhookLink(of: provider)?.link,
            let record = project.linkedRecord(of: link.key)
        else { return nil }
        return webhook.news(of: link, known: record.reading, at: time.now)
    }

    /// Shows what the webhook says, tells of it, and has the item read again.
    private func apply(_ news: WebhookNews, of key: ItemKey, to id: ProjectID) -> [EventID] {
        guard let project = projects[id], let record = project.linkedRecord(of: key) else { return [] }
        let now = time.now
        var events: [EventID] = []
        if let reading = news.reading {
            events = adopt(project.snapshot.told(reading, of: key), of: id, at: now)
        } else if record.reading == nil {
            let roles = Set(Role.allCases.filter { !project.snapshot.isHidden(key, from: $0) })
            events = announce(news.milestones.map { ($0, roles) }, on: project.entry, at: now)
        }
        // A refusal keeps its own time: a dead token is not tried again because somebody pushes every minute.
        if news.isToBeRead, record.failure?.failure.isRefusal != true { _ = invalidate(id, keys: [key]) }
        keepItem(ItemReference(project: id, key: key))
        return events
    }

    private func keepDelivery(_ name: DeliveryName, _ events: [EventID]) {
        let delivery = StoredDelivery(
            project: name.project, provider: name.provider, id: name.id, at: time.now, events: events)
        keep { $0.deliveries = [delivery] }
    }

    private func makeDeliveriesDurable() async throws(StoreError) {
        let count = deliveries.count
        try await flushed()
        deliveries.noteDurable(count)
    }

    private var tooManyDeliveries: StoreError {
        StoreError(
            code: .unavailable,
            message: "\(deliveries.waitingMax) webhooks wait for the store already; see what keeps it from saving.")
    }
}

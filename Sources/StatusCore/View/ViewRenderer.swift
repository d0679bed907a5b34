package import StatusModel

/// Makes the whole view of a project for one role at one moment.
package enum ViewRenderer {
    /// Renders the envelope, its digests, and how long all of it stays true.
    ///
    /// Rendered at any moment before `validUntil` the envelope is the same, as long as nobody steps the wall clock.
    package static func render(
        _ snapshot: ProjectSnapshot, role: Role, now: Moment, digest: DigestFunction,
        policy: ViewPolicy = ViewPolicy()
    ) -> RenderedView {
        let records = snapshot.providerRecords
        let items = records.map { snapshot.view(of: $0, role: role, now: now, policy: policy) }
        let serviceRecords = snapshot.services.sorted { $0.key < $1.key }
        let services = serviceRecords.map { snapshot.view(of: $0, role: role, now: now, policy: policy) }
        let views = items + services
        var envelope = envelope(of: snapshot, items: items, services: services, role: role, now: now, digest: digest)
        envelope.renderHash = digest(CanonicalForm.rendering(of: envelope))

        let configured = zip(records + serviceRecords, views).filter { $1.status.configured }
        let limit = now.instant.advanced(by: policy.validityMax)
        return RenderedView(
            envelope: envelope,
            validUntil: views.compactMap(\.changesAt).reduce(limit, min),
            oldestReadingAt: views.compactMap { $0.learntAt?.instant }.min(),
            isChecking: views.contains(where: \.isChecking),
            expiresAt: configured.compactMap { $0.expiresAt(learntAt: $1.learntAt) }.min(),
            refreshDueAt: configured.filter { !$0.0.isSuspended }.map {
                $0.refreshDueAt(learntAt: $1.learntAt, now: now)
            }.min(), freshness: .oldest(of: views.map(\.status)))
    }

    /// The envelope alone, without its `render_hash`: what events are made of, and they tell neither that nor when the view
    /// will have to be rendered anew.
    package static func envelope(
        of snapshot: ProjectSnapshot, role: Role, now: Moment, digest: DigestFunction, policy: ViewPolicy = ViewPolicy()
    ) -> StatusEnvelope {
        let items = snapshot.providerRecords.map { snapshot.view(of: $0, role: role, now: now, policy: policy) }
        let services = snapshot.services.sorted { $0.key < $1.key }.map {
            snapshot.view(of: $0, role: role, now: now, policy: policy)
        }
        return envelope(of: snapshot, items: items, services: services, role: role, now: now, digest: digest)
    }

    private static func envelope(
        of snapshot: ProjectSnapshot, items: [ItemView], services: [ItemView], role: Role, now: Moment,
        digest: DigestFunction
    ) -> StatusEnvelope {
        var envelope = StatusEnvelope(projectID: snapshot.projectID)
        envelope.items = items.map(\.status)
        envelope.services = services.map(\.status)
        let statuses = envelope.items + envelope.services
        envelope.overall = .overall(of: statuses)
        envelope.cachedAt = statuses.compactMap(\.updatedAt).max()
        envelope.isStale = statuses.contains(where: \.stale)
        envelope.nextActions = NextActions.recommended(for: statuses)
        (envelope.lastRefreshAttempt, envelope.lastRefreshError) = RefreshReport.visible(
            in: snapshot, to: role, now: now)
        envelope.lastRuns = snapshot.lastRuns(for: role)
        envelope.revision = snapshot.revisions[role, default: 0]
        envelope.hash = digest(CanonicalForm.content(of: envelope, items: items, services: services))
        return envelope
    }
}

extension ProjectSnapshot {
    /// The record of each provider in the fixed order, so that a header never jumps.
    package var providerRecords: [ItemRecord] {
        ProviderKey.allCases.map { provider in
            items.first { $0.key == .provider(provider) } ?? ItemRecord(key: .provider(provider), link: .notLinked)
        }
    }

    /// Whether policy hides the item from the role.
    package func isHidden(_ key: ItemKey, from role: Role) -> Bool { hidden[key]?.contains(role) ?? false }

    /// Who sees of the project what this role sees: the first of them, in the order of `Role.allCases`. What is made for that
    /// one need not be made again, but for ``revisions``.
    package func first(seeingSameAs role: Role) -> Role {
        let first = Permissions.first(equalTo: role)
        guard first != role, Redaction(for: first) == Redaction(for: role) else { return role }
        return hidden.values.allSatisfy { $0.contains(first) == $0.contains(role) } ? first : role
    }

    /// One item as the role sees it.
    package func view(
        of record: ItemRecord, role: Role, now: Moment, policy: ViewPolicy = ViewPolicy()
    ) -> ItemView {
        ItemView(of: record, isHidden: isHidden(record.key, from: role), role: role, now: now, policy: policy)
    }
}

extension ItemRecord {
    /// When the time to live of what is known ends. A record that came back from the store has none left.
    fileprivate func expiresAt(learntAt: Moment?) -> ContinuousClock.Instant? {
        dueAt?.instant ?? learntAt?.instant
    }

    fileprivate func refreshDueAt(learntAt: Moment?, now: Moment) -> ContinuousClock.Instant {
        let expiresAt = expiresAt(learntAt: learntAt) ?? now.instant
        return max(expiresAt, nextAttemptAt?.instant ?? expiresAt)
    }
}

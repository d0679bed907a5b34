package import StatusCore
package import StatusModel

// Looking at operations. Whoever asks sees those of items that are not hidden from its role.
extension StatusEngine {
    /// One operation, as it stands or, for a reader that knows how it stood, once it has moved.
    ///
    /// - Returns: nil when there is none that the role may see.
    /// - Throws: Why the store cannot look at the moment.
    package func operation(_ query: OperationQuery, for role: Role) async throws(StoreError) -> Operation? {
        if let entry = operations[query.id] {
            guard isVisible(entry.record, to: role) else { return nil }
            if entry.record.version <= query.knownVersion, query.wait > .zero, !entry.isSettled {
                await waitForMove(of: query.id, atMost: min(query.wait, OperationQuery.waitMax))
            }
        }
        // What is told of it is kept, unless the store refuses: no crash takes it back.
        if operations[query.id] != nil { try? await flushed() }
        let record: OperationRecord?
        if let known = operations[query.id]?.record {
            record = known
        } else {
            record = try await store.operation(query.id)
        }
        guard let record, isVisible(record, to: role) else { return nil }
        return record.operation(for: role, at: time.now)
    }

    /// Operations of a project, the newest first.
    ///
    /// - Returns: nil when there is no such project.
    /// - Throws: Why the store cannot look at the moment.
    package func operations(
        _ query: OperationListQuery, after place: OperationPlace?, for role: Role
    ) async throws(StoreError) -> OperationPage? {
        guard let project = projects[query.projectID] else { return nil }
        let size = min(max(query.pageSize, 1), OperationListQuery.pageSizeMax)
        var page: [OperationRecord] = []
        var place = place
        // What is hidden from the role takes no place on its pages.
        repeat {
            let found = try await store.operations(
                of: query.projectID, key: query.key, after: place, limit: size + 1)
            place = found.last.map(OperationPlace.init(behind:))
            page += found.filter { !project.snapshot.isHidden($0.item.key, from: role) }
            if found.count <= size { place = nil }
        } while page.count <= size && place != nil
        // What is told of them is kept, unless the store refuses; and what was hidden meanwhile is not told.
        try? await flushed()
        let now = time.now
        let shown = page.prefix(size).filter { isVisible($0, to: role) }
        return OperationPage(
            operations: shown.map { (operations[$0.id]?.record ?? $0).operation(for: role, at: now) },
            nextPageToken: page.count > size ? shown.last.map { OperationPlace(behind: $0).description } ?? "" : "")
    }

    private func isVisible(_ record: OperationRecord, to role: Role) -> Bool {
        guard let project = projects[record.item.project] else { return false }
        return !project.snapshot.isHidden(record.item.key, from: role)
    }

    private func waitForMove(of id: String, atMost wait: Duration) async {
        guard !isStopping else { return }
        let waiter = RefreshWaiter()
        let deadline = time.now.instant.advanced(by: wait)
        operations.update(id) { $0.waiters[ObjectIdentifier(waiter)] = waiter }
        defer { operations.update(id) { $0.waiters[ObjectIdentifier(waiter)] = nil } }
        await withTaskGroup { group in
            group.addTask { [time] in
                // Cancelled when it has moved before.
                try? await time.sleep(until: deadline)
                waiter.settle(false)
            }
            defer { group.cancelAll() }
            _ = await waiter.outcome()
        }
    }

    func resumeWaiters(ofOperation id: String) {
        guard let waiters = operations[id]?.waiters, !waiters.isEmpty else { return }
        for (_, waiter) in waiters { waiter.settle(true) }
        operations.update(id) { $0.waiters = [:] }
    }
}

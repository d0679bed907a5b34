import LinuxSystem
import Resilience
package import StatusCore
package import StatusModel

// Asking for an action (SPEC §7): permission → key → limit → record, durable → answer. It is carried out behind that.
extension StatusEngine {
    /// Records an operation and begins it, or finds the one that the same request has made before.
    ///
    /// From the moment at which the record is on its way nothing depends on the caller any more: it may go. A payload is read
    /// beside the engine, for no limit counts before: nobody else waits for it.
    ///
    /// - Parameters:
    ///   - request: The wish.
    ///   - actor: On whose behalf; its keys and its limit count.
    ///   - allowed: Is told that it may be run. It is recorded when this returns, and not before; not at all where it throws.
    /// - Returns: The operation, or for a dry run what would be done.
    /// - Throws: ``ActionRefusal``; nothing was sent then, and nothing is kept. A dry run is refused for what the real one would
    ///   be refused for, short of what only trying to record it shows.
    @concurrent
    package nonisolated func run(
        _ request: ActionRequest, for actor: ActionActor,
        allowed: @escaping @Sendable (ActionAllowance) async throws(ActionRefusal) -> Void = { _ in }
    ) async throws(ActionRefusal) -> ActionAnswer {
        try ActionGate.admit(request, actor.role)
        guard !request.idempotencyKey.isEmpty else { throw .keyMissing }
        guard let key = request.normalisedKey else { throw .keyMalformed }
        return try await answer(request, key, fingerprint(of: request), for: actor, allowed)
    }

    private nonisolated func fingerprint(of request: ActionRequest) throws(ActionRefusal) -> String {
        do throws(ActionFailure) { return board.digest(of: try request.fingerprintBytes) } catch {
            throw .invalid(error)
        }
    }

    private func answer(
        _ request: ActionRequest, _ key: String, _ fingerprint: String, for actor: ActionActor,
        _ allowed: @escaping @Sendable (ActionAllowance) async throws(ActionRefusal) -> Void
    ) async throws(ActionRefusal) -> ActionAnswer {
        let name = OperationName(owner: actor.identity, key: key)
        if let known = try await known(name) { return try await replay(known, fingerprint, request, actor) }
        return try await record(request, name, fingerprint, for: actor, allowed)
    }

    /// The operation that was recorded under the name, here or by an earlier process.
    private func known(_ name: OperationName) async throws(ActionRefusal) -> OperationRecord? {
        if let entry = operations[name] { return entry.record }
        operations.beginLookup(of: name)
        let stored: OperationRecord?
        do throws(StoreError) { stored = try await store.operation(name) } catch {
            operations.endLookup(of: name)
            throw .notRecorded(error)
        }
        // It may have been recorded while the store was asked.
        let known = operations[name]?.record
        operations.endLookup(of: name)
        return known ?? stored
    }

    private func replay(
        _ known: OperationRecord, _ fingerprint: String, _ request: ActionRequest, _ actor: ActionActor
    ) async throws(ActionRefusal) -> ActionAnswer {
        // What was hidden from the role meanwhile is not shown for having been asked for before, nor that it was.
        guard let project = projects[known.item.project], !project.snapshot.isHidden(known.item.key, from: actor.role)
        else {
            throw .denied(actor.role, action: request.action, request.key)
        }
        guard known.fingerprint == fingerprint else { throw .keyReused(operationID: known.id) }
        guard !request.isDryRun else { return .plan(.replay(of: known.id)) }
        guard let entry = operations[known.id] else {
            // One that could not be recorded for sure, and was: it is as good as recorded. What an earlier process has left is
            // taken up when all of it is known.
            if !known.isOver {
                guard isLoaded else { throw .notRecorded(storeError ?? .notReadYet) }
                take(up: [known])
            }
            return .operation(operations[known.id]?.record ?? known, isReplayed: true)
        }
        if let refusal = await entry.recording?.value { throw refusal }
        try? await flushed()
        return .operation(operations[known.id]?.record ?? known, isReplayed: true)
    }

    /// What would be done, and by whom. Nobody is asked.
    private func plan(
        _ request: ActionRequest, for actor: ActionActor, id: String
    ) throws(ActionRefusal) -> (action: IntegrationAction, plan: ActionPlan) {
        let envelope = board[request.projectID]?.envelope(for: actor.role, at: time.now)
        let action = try ActionGate.offered(request, actor.role, in: envelope)
        let item = ItemReference(project: request.projectID, key: request.key)
        do throws(ActionFailure) {
            if let proposal = try proposal(action, of: item, payload: request.payload) {
                return (action, plan(of: proposal, on: item))
            }
            let call = self.call(
                id: id, item, action, payload: request.payload, requestedBy: actor.displayName,
                deadline: time.now.instant.advanced(by: timeLimit(of: action, on: item)))
            return (action, try executors.executor(for: item, action).plan(call))
        } catch {
            throw .invalid(error)
        }
    }

    private func record(
        _ request: ActionRequest, _ name: OperationName, _ fingerprint: String, for actor: ActionActor,
        _ allowed: @escaping @Sendable (ActionAllowance) async throws(ActionRefusal) -> Void
    ) async throws(ActionRefusal) -> ActionAnswer {
        let (id, now) = (makeOperationID(), time.now)
        let (action, plan) = try plan(request, for: actor, id: id)
        let subject = ActionSubject(identity: actor.identity, project: request.projectID)
        let allowance = try allowance(for: request, id, of: subject, at: now.instant)
        guard !request.isDryRun else { return .plan(plan) }
        let item = ItemReference(project: request.projectID, key: request.key)
        let record = OperationRecord(
            id: id, item: item, action: action, name: name, requestedBy: actor.displayName, fingerprint: fingerprint,
            payload: request.payload, footing: OperationFooting(target(of: item)),
            carrier: executors.executor(for: item, action).carrier, createdAt: now, words: plan.words)
        // Owned by the table. It does not end with the caller: half an operation is none.
        let recording = Task { () async -> ActionRefusal? in
            do throws(ActionRefusal) {
                try await makeSureUnknown(name)
                try await allowed(allowance)
                try await keepRecord(record)
            } catch {
                operations.remove(record.id)
                actionLimit.withdraw(subject, admittedAt: record.createdAt.instant)
                return error
            }
            operations.update(record.id) { $0.recording = nil }
            startWork(on: ResumedOperation(record: record, resumption: .begin))
            return nil
        }
        operations.add(OperationTable.Entry(record: record, recording: recording))
        if let refusal = await recording.value { throw refusal }
        // As it was recorded: how far it is since may not be kept yet.
        return .operation(record, isReplayed: false)
    }

    /// What else may keep it from being begun, in the order in which it is told. A dry run does not count.
    private func allowance(
        for request: ActionRequest, _ id: String, of subject: ActionSubject, at now: ContinuousClock.Instant
    ) throws(ActionRefusal) -> ActionAllowance {
        guard isLoaded else { throw .notRecorded(storeError ?? .notReadYet) }
        let allowance = ActionAllowance(operationID: id, isAfterLoss: try isVouchedFor(request))
        guard !isStopping else { throw .stopping }
        guard !operations.isFull else { throw .tooMany(operations.openMax) }
        let verdict =
            request.isDryRun ? actionLimit.verdict(on: subject, at: now) : actionLimit.admit(subject, at: now)
        if case .refused(let until) = verdict {
            throw .limited(perMinute: actionLimit.limit, retryAfter: now.duration(to: until))
        }
        return allowance
    }

    /// Whether the key needs the caller's word: one that the store does not know is new, unless the store has forgotten some.
    private func isVouchedFor(_ request: ActionRequest) throws(ActionRefusal) -> Bool {
        let now = time.now
        guard let loss = store.state.keyLoss, loss.counts(at: now) else { return false }
        guard request.isAfterLoss else { throw .keysLost(loss, until: loss.end(asOf: now)) }
        return true
    }

    private func makeSureUnknown(_ name: OperationName) async throws(ActionRefusal) {
        do throws(StoreError) { try await store.makeSureUnknown(name) } catch { throw .notRecorded(error) }
    }

    /// Makes the record durable. What cannot be recorded is not run.
    private func keepRecord(_ record: OperationRecord) async throws(ActionRefusal) {
        FailPoint.pass("operation.record.before")
        var batch = StoreBatch()
        batch.operations = [record]
        do throws(StoreError) { try await store.save(batch) } catch { throw .notRecorded(error) }
        // The store keeps again: what waits for its next try has it now, and nothing fails for an older refusal.
        endSaveRest()
        FailPoint.pass("operation.record.after")
    }

    private func makeOperationID() -> String {
        // Unique on every host, also where everything else is drawn from a seed.
        var generator = SystemRandomNumberGenerator()
        return RefreshID(using: &generator).description
    }
}

/// Whose limit an action counts against (SPEC §7: for each user and project).
struct ActionSubject: Hashable, Sendable {
    let identity: String
    let project: ProjectID
}

extension ActionPlan {
    /// The key has been given with the very same request.
    fileprivate static func replay(of id: String) -> Self {
        ActionPlan(OperationWords("Nothing more: the key stands for the operation \(id)"), isSending: false)
    }
}

extension StoreError {
    /// What an earlier process has recorded is not known yet.
    fileprivate static let notReadYet = StoreError(
        code: .unavailable, message: "the store could not be read since the start; see what keeps it from answering")
}

import StatusCore
import StatusModel

// The steps that operations are made of.
extension StatusEngine {
    /// Moves an operation, hands it to the store, and tells of it, in one step: the store has the event with the state that it
    /// tells of.
    ///
    /// - Parameters:
    ///   - id: Which.
    ///   - transition: The move; false for none.
    func move(_ id: String, _ transition: (inout OperationRecord, Moment) -> Bool) {
        guard var record = operations[id]?.record else { return }
        let now = time.now
        let before = record.state
        guard transition(&record, now) else { return }
        operations.update(id) { $0.record = record }
        keep { $0.operations = [record] }
        let kind =
            if record.isOver {
                EventKind.actionFinished
            } else {
                before == .pending ? EventKind.actionStarted : EventKind.actionProgress
            }
        announce(record, kind, at: now)
        if !record.isOver { resumeWaiters(ofOperation: id) }
    }

    private func announce(_ record: OperationRecord, _ kind: String, at now: Moment) {
        guard let project = projects[record.item.project] else { return }
        var views = project.entry.eventViews(at: now)
        tell(kind, of: record.item.project, at: now) { role in
            guard !project.snapshot.isHidden(record.item.key, from: role) else { return nil }
            let operation = record.operation(for: role, at: now)
            return StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: now.wall, kind: kind, changed: [],
                view: views.view(for: role), message: operation.line, operation: operation)
        }
    }

    /// Tells of what happened at the provider, unless somebody has told of it before.
    func tell(_ milestones: [Milestone], of id: String) {
        guard let entry = operations[id], let project = projects[entry.record.item.project], isFooted(entry.record)
        else {
            return
        }
        // Each look tells of the same again.
        let milestones = milestones.filter { !entry.told.contains($0) }
        guard !milestones.isEmpty else { return }
        operations.update(id) { $0.told += milestones }
        let item = entry.record.item
        let now = time.now
        guard let known = project.linkedRecord(of: item.key)?.reading else {
            let roles = Set(Role.allCases.filter { !project.snapshot.isHidden(item.key, from: $0) })
            _ = announce(milestones.map { ($0, roles) }, on: project.entry, at: now)
            return
        }
        adopt(project.snapshot.told(known.telling(milestones), of: item.key), of: item.project, at: now)
        keepItem(item)
    }

    /// A run that an action made counts as one that was reported.
    func show(_ report: RunReport, of id: String) {
        guard let record = operations[id]?.record, let project = projects[report.projectID], isFooted(record) else {
            return
        }
        _ = apply(report, to: project)
    }

    /// Whether what an operation learns is about what is linked now. It may have been linked while it was waited for.
    private func isFooted(_ record: OperationRecord) -> Bool { record.footing.holds(target(of: record.item)) }

    func call(
        id: String, _ item: ItemReference, _ action: IntegrationAction, payload: [UInt8], requestedBy: String,
        deadline: ContinuousClock.Instant
    ) -> ActionCall {
        ActionCall(
            operationID: id, item: item, action: action, link: link(of: item), payload: payload,
            reading: projects[item.project]?.snapshot.record(of: item.key)?.reading, requestedBy: requestedBy,
            now: time.now, deadline: deadline)
    }

    /// What is linked, be it in force or switched off.
    func link(of item: ItemReference) -> Link? { projects[item.project]?.definition.links[item.key] }

    /// What is linked and in force; nil for nothing.
    func target(of item: ItemReference) -> Link.Target? {
        guard let link = link(of: item), link.isEnabled else { return nil }
        return link.target
    }

    /// Whether an operation is still what it was recorded for.
    func expectFooting(of record: OperationRecord) throws(ActionFailure) {
        let carrier = executors.executor(for: record.item, record.action).carrier
        if let obstacle = record.obstacle(linking: target(of: record.item), by: carrier) { throw obstacle }
    }

    /// By when an operation has to be over.
    func deadline(of record: OperationRecord) -> ContinuousClock.Instant {
        record.createdAt.instant.advanced(by: timeLimit(of: record.action, on: record.item))
    }

    func timeLimit(of action: IntegrationAction, on item: ItemReference) -> Duration {
        max(executors.timeLimit(item, action) ?? .zero, action.timeLimit)
    }

    /// The call with the secrets that the provider's own executor needs.
    func preparedCall(
        for record: OperationRecord, isOfProvider: Bool
    ) async throws(ActionFailure) -> ActionCall {
        var call = call(
            id: record.id, record.item, record.action, payload: record.payload, requestedBy: record.requestedBy,
            deadline: deadline(of: record))
        // A local command gets no secret, and no provider's limit is its own.
        guard isOfProvider, let link = call.link else { return call }
        if let limit = limits.failure(for: link, at: call.now) { throw ActionFailure(limit) }
        do throws(ProviderFailure) {
            (call.secret, call.namedSecrets) = try await reader.secrets(of: link)
        } catch {
            throw ActionFailure(error)
        }
        return call
    }

    /// Ends a call at the operation's deadline. A limit that it meets holds off the reads that share it.
    func withinDeadline(
        of record: OperationRecord, over link: Link?, isSent: Bool,
        _ body: @escaping @Sendable () async throws(ActionFailure) -> ActionStep
    ) async throws(ActionFailure) -> ActionStep {
        let timedOut = ActionFailure.timedOut(record.item.key, isSent: isSent)
        let deadline = deadline(of: record)
        let result = await withTaskGroup(of: Result<ActionStep, ActionFailure>.self) { [time] group in
            group.addTask {
                do throws(ActionFailure) { return .success(try await body()) } catch { return .failure(error) }
            }
            group.addTask {
                // Cancelled when the call has ended before.
                try? await time.sleep(until: deadline)
                return .failure(timedOut)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(timedOut)
        }
        if case .failure(let failure) = result, let end = failure.sharedLimitEndsAt, let link {
            let now = time.now
            limits.note(limitUntil: end, of: link, at: now, policy: configuration.refresh)
            keepUpstreams(at: now)
        }
        return try result.get()
    }
}

extension Operation {
    /// One line for people: `Deploy to production: queued`.
    fileprivate var line: String {
        let label = IntegrationAction(rawValue: action)?.label ?? action
        return summary.isEmpty ? "\(label): \(state.rawValue)" : "\(label): \(summary)"
    }
}

extension Reading {
    /// The reading with these milestones, as far as they are news.
    fileprivate func telling(_ milestones: [Milestone]) -> Reading {
        var told = self
        for milestone in milestones {
            guard let index = told.milestones.firstIndex(where: { $0.kind == milestone.kind }) else {
                told.milestones.append(milestone)
                continue
            }
            if milestone.isNews(after: told.milestones[index]) { told.milestones[index] = milestone }
        }
        return told
    }
}

extension ActionFailure {
    /// What a provider's refusal, silence or limit means to an action that has not been sent.
    init(_ failure: ProviderFailure) {
        let code: Code =
            switch failure.cause {
            case .throttled: .resourceExhausted
            case .host, .provider: .unavailable
            case .refused: failure.code == .notFound ? .notFound : .permissionDenied
            }
        self.init(
            code, reason: failure.code.rawValue.uppercased(), failure.actionWords, retryAfter: failure.retryAfter)
    }
}

import LinuxSystem
import StatusCore
import StatusModel

// Carrying out what is recorded. Each operation has one task, which the table owns.
extension StatusEngine {
    /// How long the end of the daemon waits for answers to calls that cannot be taken back.
    static let sendingGrace = Duration.seconds(10)

    /// Begins an operation, or goes on where an earlier process stood, once that is told.
    func startWork(on resumed: ResumedOperation, after telling: Task<Void, Never>? = nil) {
        let id = resumed.record.id
        guard !isStopping, let entry = operations[id], entry.work == nil else { return }
        // Owned by the table: `run()` cancels and awaits what is left.
        let work = Task {
            await telling?.value
            switch resumed.resumption {
            case .over: await end(resumed.record)
            case .begin: await begin(id)
            case .follow(let handle): await follow(id, handle, after: .zero)
            }
            operations.update(id) { $0.work = nil }
        }
        operations.update(id) { $0.work = work }
    }

    private func begin(_ id: String) async {
        guard let record = operations[id]?.record else { return }
        do throws(ActionFailure) {
            // The configuration may have changed while it was recorded.
            try expectFooting(of: record)
            if let proposal = try proposal(record.action, of: record.item, payload: record.payload) {
                move(id) { $0.begin(sending: false, at: $1) }
                return try await changeLink(id, proposal)
            }
            let replacement = executors.replacement(record.item, record.action)
            let call = try await preparedCall(for: record, isOfProvider: replacement == nil)
            let executor = replacement ?? executors.adapter(for: record.item)
            let isSending = try executor.plan(call).isSending
            // The daemon has been told to end while the secrets were read: the next process begins it.
            guard !isStopping else { return }
            operations.update(id) { $0.isSending = isSending }
            move(id) { $0.begin(sending: isSending, at: $1) }
            guard try await mayBeSent(id, isSending: isSending) else { return }
            // Whoever changes a link may rely on it: nothing goes out over the one before any more.
            try expectFooting(of: record)
            guard call.link == link(of: record.item) else { throw .linkedOtherwise(record.item.key) }
            FailPoint.pass("operation.send.before")
            let step = try await withinDeadline(of: record, over: call.link, isSent: isSending) {
                () async throws(ActionFailure) in
                try await executor.perform(call)
            }
            FailPoint.pass("operation.send.after")
            operations.update(id) { $0.isSending = false }
            await take(step, id)
        } catch {
            await failed(id, error)
        }
    }

    /// From here on nobody may send it again, so that has to be known after a crash. False when the daemon has been told to end
    /// meanwhile: then nothing is sent, and the next process begins it.
    private func mayBeSent(_ id: String, isSending: Bool) async throws(ActionFailure) -> Bool {
        guard isSending else { return true }
        var refusal: StoreError?
        do throws(StoreError) { try await flushed() } catch { refusal = error }
        guard !isStopping else {
            operations.update(id) { $0.isSending = false }
            move(id) { $0.takeBack(at: $1) }
            return false
        }
        guard let refusal else { return true }
        throw ActionFailure(
            .unavailable, reason: "STORE_UNAVAILABLE",
            OperationWords(
                "It could not be recorded as sent, so it was not sent. \(refusal.plainMessage); run it again then with a new key."
            ))
    }

    func take(_ step: ActionStep, _ id: String) async {
        switch step {
        case .working(let handle, let words, let milestones, let pause):
            tell(milestones, of: id)
            move(id) { $0.accept(handle: handle, words, at: $1) }
            await follow(id, handle, after: pause)
        case .done(let result):
            if let report = result.report { show(report, of: id) }
            tell(result.milestones, of: id)
            move(id) { $0.succeed(result.words, result: result.json, at: $1) }
            await concluded(id)
        case .failed(let failure, let milestones):
            tell(milestones, of: id)
            await failed(id, failure)
        }
    }

    func failed(_ id: String, _ failure: ActionFailure) async {
        operations.update(id) { $0.isSending = false }
        // The daemon ends and nothing irreversible was sent: the next process begins anew.
        if isStopping, case .recorded = operations[id]?.record.stage { return }
        move(id) { $0.fail(failure, at: $1) }
        await concluded(id)
    }

    /// It is over: once that is durable readers may forget it here, and what it changed is read.
    func concluded(_ id: String) async {
        guard let record = operations[id]?.record, record.isOver else { return }
        _ = invalidate(record.item.project, keys: [record.item.key])
        ask(record.item.project, .due)
        // Until the store has its end it must not be asked how it stands, for it would say that nobody knows.
        var isKept = false
        repeat {
            do throws(StoreError) {
                try await flushed()
                isKept = true
            } catch {
                resumeWaiters(ofOperation: id)
                do {
                    try await time.sleep(until: time.now.instant.advanced(by: configuration.storeRetryInterval))
                } catch {
                    return
                }
            }
        } while !isKept
        FailPoint.pass("operation.end.after")
        operations.update(id) { $0.isSettled = true }
        resumeWaiters(ofOperation: id)
    }

    /// The daemon ends. What was sent has a moment to be answered; all else is cut off, and the next process goes on with it.
    func endOperations() async {
        for entry in operations.all where !entry.isSending { entry.work?.cancel() }
        let sending = operations.all.filter(\.isSending).compactMap(\.work)
        // A task of its own, awaited here: one of this task's would be cancelled with it before it began.
        let grace = Task { [time] in
            // Cancelled when all have been answered before.
            guard (try? await time.sleep(until: time.now.instant.advanced(by: Self.sendingGrace))) != nil else {
                return
            }
            for work in sending { work.cancel() }
        }
        for work in sending { await work.value }
        grace.cancel()
        await grace.value
        for entry in operations.all {
            _ = await entry.recording?.value
            await entry.work?.value
            resumeWaiters(ofOperation: entry.record.id)
        }
    }
}

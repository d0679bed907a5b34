import StatusCore

// What an earlier process has left of operations.
extension StatusEngine {
    /// Takes up what an earlier process has left. What becomes of it is told once for all, before anything is done.
    func take(up left: [OperationRecord]) {
        let resumed = left.filter { !$0.isOver }.map { stored in
            var looked = stored
            let resumption = looked.resume(
                before: deadline(of: stored), linking: target(of: stored.item),
                by: executors.executor(for: stored.item, stored.action).carrier, at: time.now)
            if operations[stored.id] == nil { operations.add(OperationTable.Entry(record: stored)) }
            return ResumedOperation(record: looked, resumption: resumption)
        }
        guard !resumed.isEmpty, !isStopping else { return }
        // It ends by itself, and the work on each of them awaits it.
        let telling = Task { [onResumption] in await onResumption(resumed) }
        for operation in resumed { startWork(on: operation, after: telling) }
    }

    /// It is over by having been looked at.
    func end(_ looked: OperationRecord) async {
        move(looked.id) { record, _ in
            record = looked
            return true
        }
        await concluded(looked.id)
    }
}

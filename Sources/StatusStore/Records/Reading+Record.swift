import CTelltaleProtos
import StatusCore
import StatusModel

extension Reading {
    /// The reading of the item `key`.
    init(message: Telltale__Store__V1__Reading, of key: ItemKey, clock: RecordClock) throws(RecordError) {
        self.init(
            key: message.item.len == 0 ? key : try readItem(message.item, "item"),
            observedAt: try clock.past(message.observed_at, "observed_at"),
            status: try readPart(message.status, "status", clock),
            summary: Summary(
                try readParts(
                    message.summary, count: message.n_summary, max: RecordBounds.summaryPartsMax, "summary", clock)))
        label = try readPart(ifAny: message.label, "label", clock)
        problem = try readPart(ifAny: message.problem, "problem", clock)
        environments = try readParts(
            message.environments, count: message.n_environments, max: RecordBounds.environmentsMax, "environments",
            clock)
        latencies = try readLatencies(message.latencies, count: message.n_latencies, "latencies")
        milestones = try readParts(
            message.milestones, count: message.n_milestones, max: RecordBounds.milestonesMax, "milestones", clock)
        isPartial = message.is_partial != 0
        notBefore = readTime(ifAny: message.not_before)
        budget = try readPart(ifAny: message.budget, "budget", clock)
        memo = try readEntries(message.memo, count: message.n_memo, max: RecordBounds.memoEntriesMax, "memo")
    }

    /// The message, in the record of the item `key`.
    func message(in writer: RecordWriter, of key: ItemKey) -> UnsafeMutablePointer<Telltale__Store__V1__Reading> {
        let message = writer.make(telltale__store__v1__reading__init)
        if self.key != key { message.pointee.item = writer.text(self.key.description) }
        message.pointee.observed_at = writer.moment(observedAt)
        message.pointee.status = status.message(in: writer)
        (message.pointee.n_summary, message.pointee.summary) = writer.parts(
            summary.parts, max: RecordBounds.summaryPartsMax)
        message.pointee.label = writer.part(label)
        message.pointee.problem = writer.part(problem)
        (message.pointee.n_environments, message.pointee.environments) = writer.parts(
            environments, max: RecordBounds.environmentsMax)
        (message.pointee.n_latencies, message.pointee.latencies) = writer.latencies(latencies)
        (message.pointee.n_milestones, message.pointee.milestones) = writer.parts(
            milestones, max: RecordBounds.milestonesMax)
        message.pointee.is_partial = isPartial ? 1 : 0
        message.pointee.not_before = writer.time(notBefore)
        message.pointee.budget = writer.part(budget)
        (message.pointee.n_memo, message.pointee.memo) = writer.entries(memo, max: RecordBounds.memoEntriesMax)
        return message
    }
}

import StatusCore
import StatusModel
import TestSupport

/// Random operations, in every stage, and random changes of links.
extension SeededGenerator {
    mutating func operationRecord() -> OperationRecord {
        let asked = OperationRecord(
            id: text(), item: ItemReference(project: project(), key: itemKey()),
            action: pick(IntegrationAction.allCases), name: OperationName(owner: text(), key: text()),
            requestedBy: text(), fingerprint: text(), payload: bytes(),
            footing: pick([.unknown, .nothing, .target(link().target)]),
            carrier: pick([.unknown, .builtIn, .command(digest: "0f" + text())]), createdAt: past(), words: words())
        let stage = stage()
        let isOver =
            switch stage {
            case .recorded, .sent, .accepted: false
            case .succeeded, .failed, .unknownOutcome: true
            }
        return OperationRecord(
            restoring: asked, stage: stage, updatedAt: past(), endedAt: isOver ? past() : nil, result: bytes(),
            version: pick([0, .max, next()]))
    }

    private mutating func stage() -> OperationRecord.Stage {
        switch next() % 6 {
        case 0: .recorded
        case 1: .sent
        case 2: .accepted(handle: text())
        case 3: .succeeded
        case 4: .failed(actionFailure(isOutcomeUnknown: false))
        default: .unknownOutcome(actionFailure(isOutcomeUnknown: true))
        }
    }

    private mutating func words() -> OperationWords { OperationWords(text(), generic: text()) }

    private mutating func actionFailure(isOutcomeUnknown: Bool) -> ActionFailure {
        ActionFailure(
            pick(ActionFailure.Code.allCases), reason: text(), words(), retryAfter: maybe { $0.time() },
            isOutcomeUnknown: isOutcomeUnknown, field: text())
    }

    /// Of what is linked before and after at least the key is the same.
    mutating func storedLinkChange() -> StoredLinkChange {
        let (link, enabled) = (link(), chance())
        var configured = link
        configured.isEnabled = enabled
        configured.credential = maybe { $0.credential() }
        return StoredLinkChange(
            project: project(), key: link.key, link: chance() ? link : nil, configured: chance() ? configured : nil)
    }
}

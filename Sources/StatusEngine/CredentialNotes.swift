import Locks
import StatusCore
import Synchronization

/// In which version each secret of a link was when its read began: noted by the read, and asked for by whoever judges
/// its failure, on whatever executor either runs.
final class CredentialNotes: Sendable {
    private let noted = Lock<[CredentialReference: CredentialVersion?]>([:])

    func note(_ reference: CredentialReference, _ version: CredentialVersion?) {
        noted.withLock { $0[reference] = .some(version) }
    }

    var versions: [CredentialReference: CredentialVersion?] { noted.withLock { $0 } }
}

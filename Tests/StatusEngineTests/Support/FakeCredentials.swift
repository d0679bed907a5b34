import Locks
import StatusCore
import StatusModel
import Synchronization

/// Secrets that the test changes.
final class FakeCredentials: CredentialSource {
    static let token = CredentialReference.file(path: "/run/secrets/token")

    private struct State {
        var secret = "old"
        var changes = 0
        var looks = 0
        var renewals = 0
        var refusal: ProviderFailure?
    }

    private let state = Lock(State())

    func change(to secret: String) {
        state.withLock { state in
            state.secret = secret
            state.changes += 1
        }
    }

    /// How often somebody looked whether it had changed.
    var lookCount: Int { state.withLock { $0.looks } }

    /// How often it was made anew.
    var renewalCount: Int { state.withLock { $0.renewals } }

    /// From now on it cannot be made anew.
    func refuseRenewal(_ failure: ProviderFailure) { state.withLock { $0.refusal = failure } }

    /// Makes another of it, each time.
    func renew(_ reference: CredentialReference) async throws(ProviderFailure) {
        let refusal = state.withLock { state in
            state.renewals += 1
            state.secret = "renewed-\(state.renewals)"
            return state.refusal
        }
        if let refusal { throw refusal }
    }

    func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
        Secret(state.withLock { $0.secret })
    }

    func version(of reference: CredentialReference) async -> CredentialVersion? {
        CredentialVersion(
            state.withLock { state in
                state.looks += 1
                return String(state.changes)
            })
    }
}

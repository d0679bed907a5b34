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

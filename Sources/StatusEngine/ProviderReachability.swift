import Locks
import StatusCore
package import StatusModel
import Synchronization

/// Which providers answer at all, over every project: a run of failures that are not our credential's fault says no,
/// any other answer says yes again.
package final class ProviderReachability: Sendable {
    /// Failures in a row, over all projects, from which on a provider counts as unreachable.
    static let failuresMax = 3

    private let failures = Lock<[ProviderKey: Int]>([:])

    package func isReachable(_ provider: ProviderKey) -> Bool {
        failures.withLock { $0[provider, default: 0] < Self.failuresMax }
    }

    func note(_ key: ItemKey, _ failure: ProviderFailure?) {
        guard case .provider(let provider) = key else { return }
        // What our own configuration gets wrong, such as a credential's file that is missing, says nothing of a provider.
        guard failure?.code != .misconfigured else { return }
        failures.withLock { failures in
            switch failure?.cause {
            case .provider, .host: failures[provider, default: 0] = min(failures[provider, default: 0] + 1, .max / 2)
            case .refused, .throttled, nil: failures[provider] = nil
            }
        }
    }
}

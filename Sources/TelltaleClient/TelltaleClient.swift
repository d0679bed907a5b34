import Locks
import Synchronization

/// Reads and watches the statuses that a daemon on this host keeps.
///
/// ```swift
/// let client = TelltaleClient()
/// let answer = try await client.status(of: project)
/// for try await update in client.watch() { … }
/// ```
///
/// One connection carries all calls; the first call opens it, and a call that finds it broken opens it anew, once. Each
/// watch has a connection of its own. The client owns one thread, which starts with the first use and ends with
/// ``close()`` or with the last reference to the client and its watches. Safe to use from any task.
public final class TelltaleClient: Sendable {
    private enum State {
        case idle
        case open(CallChannel)
        case closed
    }

    /// How the client was set up.
    public let configuration: Configuration
    let clock: ClientClock
    private let state = Lock(State.idle)

    /// Sets the client up. Nothing is opened before the first use.
    public convenience init(configuration: Configuration = Configuration()) {
        self.init(configuration: configuration, clock: .system)
    }

    /// As ``init(configuration:)``, with the clock by which watches wait.
    package init(configuration: Configuration, clock: ClientClock) {
        self.configuration = configuration
        self.clock = clock
    }

    /// Closes every connection. Calls under way and watches fail with ``TelltaleError/Code/cancelled``, and so does
    /// every later use.
    public func close() {
        let channel = state.withLock { state -> CallChannel? in
            defer { state = .closed }
            guard case .open(let channel) = state else { return nil }
            return channel
        }
        channel?.runtime.close()
    }

    /// The connection of all calls, with the thread below it; set up at the first use.
    func channel() throws(TelltaleError) -> CallChannel {
        try state.withLock { state throws(TelltaleError) in
            switch state {
            case .open(let channel): return channel
            case .closed: throw .clientClosed
            case .idle:
                let channel = CallChannel(runtime: try ClientRuntime(configuration: configuration, clock: clock))
                state = .open(channel)
                return channel
            }
        }
    }
}

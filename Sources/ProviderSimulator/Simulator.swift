import Glibc
import Locks
package import StatusModel
import Synchronization

/// The state behind a simulated server, shared by its connections and by the test that drives it.
///
/// Safe to use from any thread; each method is one step, and no step waits.
package final class Simulator: Sendable {
    private let state = Lock(SimulatorState())
    // Waiters come and become due within `state`'s lock, so that no request slips between a look at the count and the
    // wait for it. Never the other way round: `state` is not locked within this one.
    private let waiters = Lock(RequestWaiters())
    private let clock: @Sendable () -> UnixTime

    /// - Parameter clock: Tells the time by which pushes are dated, limits end and tokens expire.
    package init(clock: @escaping @Sendable () -> UnixTime = Simulator.systemClock) { self.clock = clock }

    /// The wall clock of this machine.
    package static func systemClock() -> UnixTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(seconds: Int64(time.tv_sec)).advanced(by: .nanoseconds(time.tv_nsec))
    }

    /// GitHub's repositories, tokens and limits.
    package var github: GitHubControls { GitHubControls(simulator: self) }

    /// How often providers were asked since the start or ``resetRequests()``.
    package var requests: RequestCounts { state.withLock { $0.log.counts } }

    package func resetRequests() { state.withLock { $0.log.reset() } }

    /// Returns once so many requests have come in since the start or ``resetRequests()``, answered or not; or when the
    /// task is cancelled.
    package func waitForRequests(_ total: Int) async {
        let id = waiters.withLock { $0.nextID() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isOver = state.withLock { state in
                    if Task.isCancelled || state.log.counts.total >= total { return true }
                    waiters.withLock { $0.add(id, until: total, continuation) }
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            waiters.withLock { $0.remove(id) }?.resume()
        }
    }

    /// Puts a fault in force, and returns the number by which ``clearFault(_:)`` knows it.
    ///
    /// - Throws: ``ControlError`` when 64 are in force already.
    @discardableResult
    package func inject(_ fault: Fault) throws(ControlError) -> Int {
        try change { state, _ throws(ControlError) in try state.faults.insert(fault) }
    }

    /// Ends one fault; false when it has ended by itself. Answers under way stay as they were decided.
    @discardableResult
    package func clearFault(_ id: Int) -> Bool { state.withLock { $0.faults.remove(id: id) } }

    package func clearFaults() { state.withLock { $0.faults.removeAll() } }

    /// Loads what the program plays from the start: the repository `acme/shop`, pushed two minutes ago; on Vercel the
    /// project `shop`, whose production has failed; on Sanity `simsanity` with changes of today; on Supabase a healthy
    /// project; the workers `worker`, which is fine, and `nightly`, which sleeps. Their secrets are `sim-token`,
    /// `sim-vercel-token`, `sim-sanity-token`, `sim-supabase-token`, and `sb_secret_sim`.
    package func loadExample() throws(ControlError) {
        try change { state, now throws(ControlError) in
            state.github = try .example(now: now)
            state.vercel = try .example(now: now)
            state.sanity = try .example(now: now)
            state.supabase = try .example(now: now)
            state.services = try .example()
        }
    }

    /// Decides on one request. A counted one is over with ``finished()``.
    func receive(_ request: SimulatedRequest) -> SimulatorState.Delivery {
        let now = clock()
        let (delivery, due) = state.withLock { state in
            var generator = SystemRandomNumberGenerator()
            let delivery = state.receive(request, now: now, using: &generator)
            let total = state.log.counts.total
            return (delivery, waiters.withLock { $0.due(total: total) })
        }
        for waiter in due { waiter.resume() }
        return delivery
    }

    /// A counted request has been answered, or given up.
    func finished() { state.withLock { $0.log.end() } }

    /// Applies one command at the present time.
    func change<Result: Sendable>(
        _ command: (inout SimulatorState, UnixTime) throws(ControlError) -> Result
    ) throws(ControlError) -> Result {
        let now = clock()
        return try state.withLock { state throws(ControlError) in try command(&state, now) }
    }
}

/// The commands of `/_sim/github/`, as methods. Each throws ``ControlError`` for what the interface would refuse.
package struct GitHubControls: Sendable {
    fileprivate let simulator: Simulator

    /// Makes or changes a repository; a new one is public, has two commits and was pushed to just now.
    package func setRepository(
        _ fullName: String, _ patch: GitHubRepositoryPatch = GitHubRepositoryPatch()
    ) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.github.setRepository(fullName, patch, now: now)
        }
    }

    package func removeRepository(_ fullName: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.github.removeRepository(fullName) }
    }

    /// Pushes one commit, now.
    package func push(_ fullName: String, _ push: GitHubPush = GitHubPush()) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in try state.github.push(fullName, push, now: now) }
    }

    /// Makes or changes a token; a new one is classic with the scope `repo`, and belongs to `editor`.
    package func setToken(_ credential: String, _ patch: GitHubTokenPatch = GitHubTokenPatch()) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.github.setToken(credential, patch, now: now)
        }
    }

    /// Makes everybody run into a limit.
    package func reachLimit(_ order: GitHubLimitOrder) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in try state.github.reachLimit(order, now: now) }
    }

    /// Forgets every limit, every request counted against one, and every failed login.
    package func clearLimits() throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in state.github.clearLimits() }
    }
}

extension StaleCache {
    /// Removes the values that are past their stale lifetime, in time proportional to ``size``. Stale values within it
    /// stay, because they are what answers when a fetch fails; with a stale lifetime of nil nothing is removed.
    ///
    /// - Returns: How many values were removed.
    @discardableResult
    public func cleanupExpired() -> Int {
        storage.removeDead(at: clock.now)
    }

    /// Calls ``cleanupExpired()`` at the configured interval until its task is cancelled, then returns.
    ///
    /// The owner of the cache runs it in a task group of its own. A cache without it answers the same, but holds dead
    /// values until they are evicted.
    ///
    /// - Throws: `cleanupFailed` when the clock fails.
    public func run() async throws(StaleCacheError) {
        while !Task.isCancelled {
            do {
                try await clock.sleep(until: clock.now + configuration.cleanupInterval)
            } catch is CancellationError {
                return
            } catch {
                throw .cleanupFailed(error)
            }
            cleanupExpired()
        }
    }

    /// Cancels every fetch in flight and returns when all have ended: for an owner that shuts down.
    ///
    /// Those who wait get what their fetch ends with, by rule a `fetchFailed`. Nothing of it is kept.
    public func cancelFetches() async {
        let tasks = flights.supersedeAll()
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}

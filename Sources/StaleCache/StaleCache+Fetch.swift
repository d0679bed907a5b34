internal import Resilience

extension StaleCache {
    /// The fresh value of a key, fetched if it is not there.
    ///
    /// Callers that miss the same key at the same time share one fetch: the first one's, with its `ttl`. An attempt
    /// that fails with a retryable error is repeated as configured.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - ttl: How long a fetched value is fresh; nil for the configured time to live.
    ///   - fetch: Gets the value; not called on a hit or when a fetch of the key is in flight.
    /// - Returns: The value.
    /// - Throws: `CancellationError` as soon as the caller is cancelled; else ``StaleCacheError``: `fetchFailed`,
    ///   `retryExhausted`, `getFailed` (too many callers wait) or `setFailed` (`ttl` is not positive).
    public func value(for key: Key, ttl: Duration? = nil, fetch: @escaping Fetch) async throws -> Value {
        if let value = get(key) { return value }
        do {
            return try await shareFetch(of: key, ttl: ttl, fetch).outcome.get()
        } catch {
            throw error.isCallerCancellation ? CancellationError() : error
        }
    }

    /// A value in any case: the fresh one, else a fetched one, else the stale one, else the fallback.
    ///
    /// Fetches as ``value(for:ttl:fetch:)`` does. A caller that is cancelled gets the stale value or the fallback at
    /// once, with a `getFailed` whose underlying error is `CancellationError`.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - ttl: How long a fetched value is fresh; nil for the configured time to live.
    ///   - fetch: Gets the value; not called on a hit or when a fetch of the key is in flight.
    ///   - fallback: What to answer when nothing else is there. It is not kept.
    /// - Returns: The value, with where it is from and how old it is.
    public func valueOrStale(
        for key: Key, ttl: Duration? = nil, fetch: @escaping Fetch, fallback: Value
    ) async -> StaleCacheAnswer<Value> {
        let now = clock.now
        if let record = hit(key, at: now) {
            return StaleCacheAnswer(value: record.value, source: .cached, age: record.storedAt.duration(to: now))
        }
        switch await shareFetch(of: key, ttl: ttl, fetch).outcome {
        case .success(let value): return StaleCacheAnswer(value: value, source: .fresh, age: .zero)
        case .failure(let error): return standIn(for: key, fallback: fallback, error: error)
        }
    }

    /// Fetches the value of a key anew, whatever is there, or joins the fetch that is in flight.
    ///
    /// Counts neither as a hit nor as a miss. Never throws: a caller that is cancelled gets a `getFailed` whose
    /// underlying error is `CancellationError`.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - ttl: How long a fetched value is fresh; nil for the configured time to live.
    ///   - fetch: Gets the value; not called when a fetch of the key is in flight.
    /// - Returns: How it went, and whether it was this caller's fetch.
    public func refresh(for key: Key, ttl: Duration? = nil, fetch: @escaping Fetch) async -> StaleCacheRefresh<Value> {
        await shareFetch(of: key, ttl: ttl, fetch)
    }
}

extension StaleCache {
    /// What answers when the fetch failed.
    private func standIn(for key: Key, fallback: Value, error: StaleCacheError) -> StaleCacheAnswer<Value> {
        let now = clock.now
        guard let record = storage.use(key, at: now) else {
            return StaleCacheAnswer(value: fallback, source: .fallback(error), age: nil)
        }
        let age = record.storedAt.duration(to: now)
        // Somebody may have set the key while the fetch failed.
        guard !record.isFresh(at: now) else { return StaleCacheAnswer(value: record.value, source: .cached, age: age) }
        counters.staleHits += 1
        return StaleCacheAnswer(value: record.value, source: .stale(error), age: age)
    }

    /// Waits for the key's fetch, which is started unless it is in flight.
    private func shareFetch(of key: Key, ttl: Duration?, _ fetch: @escaping Fetch) async -> StaleCacheRefresh<Value> {
        let (seat, role): (FlightTable<Key, Value>.Seat, StaleCacheRefresh<Value>.Role)
        do {
            (seat, role) = try joinOrStart(key, ttl: ttl, fetch)
        } catch {
            return StaleCacheRefresh(outcome: .failure(error), role: .refused)
        }
        guard let outcome = await seat.waiter.outcome() else {
            flights.leave(seat)?.cancel()
            return StaleCacheRefresh(outcome: .failure(.callerCancelled), role: role)
        }
        return StaleCacheRefresh(outcome: outcome, role: role)
    }

    /// Takes a seat in the key's current flight, or starts one. Nothing is awaited between the look and the start.
    private func joinOrStart(
        _ key: Key, ttl: Duration?, _ fetch: @escaping Fetch
    ) throws(StaleCacheError) -> (FlightTable<Key, Value>.Seat, StaleCacheRefresh<Value>.Role) {
        let lifetime = try lifetime(ttl)
        guard !Task.isCancelled else { throw .callerCancelled }
        guard flights.waiterCount < configuration.waitersMax else { throw .tooManyWaiters(configuration.waitersMax) }
        if let seat = flights.join(key) {
            counters.collapsed += 1
            return (seat, .collapsed)
        }
        guard flights.count < configuration.fetchesInFlightMax else {
            throw .tooManyFetches(configuration.fetchesInFlightMax)
        }
        counters.fetches += 1
        let id = flights.nextID()
        // The flight table owns this task: it is cancelled when the last waiter leaves or by `cancelFetches()`, which
        // also awaits it, and it takes itself out of the table as the last thing it does.
        let task = Task { await fly(id, lifetime: lifetime, fetch) }
        return (flights.start(id, for: key, task: task), .started)
    }

    private func fly(_ id: FlightTable<Key, Value>.FlightID, lifetime: Duration, _ fetch: Fetch) async {
        let outcome = await fetchWithRetries(fetch)
        let landing = flights.land(id)
        switch outcome {
        case .success(let value):
            if let key = landing.currentKey { store(value, for: key, obtainedAt: clock.now, lifetime: lifetime) }
        case .failure(let error):
            if !Task.isCancelled { counters.fetchFailures += 1 }
            if let key = landing.currentKey { storage.noteFailure(error, for: key, at: clock.now) }
        }
        for waiter in landing.waiters { waiter.settle(outcome) }
    }

    private func fetchWithRetries(_ fetch: Fetch) async -> Result<Value, StaleCacheError> {
        var attempt = 1
        while true {
            let error: any Error
            do { return .success(try await Self.perform(fetch)) } catch let failure { error = failure }
            if let end = await pause(afterAttempt: attempt, failedWith: error) { return .failure(end) }
            attempt += 1
            counters.retries += 1
        }
    }

    /// Waits until the next attempt may begin; what to end with instead, if there is none.
    private func pause(afterAttempt attempt: Int, failedWith error: any Error) async -> StaleCacheError? {
        if Task.isCancelled { return .fetchCancelled }
        guard configuration.retry.isRetryable(error) else { return .fetchFailed(error, isRetryable: false) }
        guard let delay = retryPolicy.delay(afterAttempt: attempt, using: &generator) else {
            return attempt == 1
                ? .fetchFailed(error, isRetryable: true) : .retryExhausted(error, attemptCount: attempt)
        }
        do {
            try await clock.sleep(until: clock.now + min(delay, Self.lifetimeMax))
            return nil
        } catch let sleepError {
            // A clock that fails leaves no way to wait, so the attempts end with what the last one met.
            return sleepError is CancellationError ? .fetchCancelled : .fetchFailed(error, isRetryable: true)
        }
    }

    /// Leaves the actor for the fetch, so that one which computes does not hold up the other keys.
    @concurrent
    private nonisolated static func perform(_ fetch: Fetch) async throws -> Value {
        try await fetch()
    }
}

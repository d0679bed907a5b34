import LinuxSystem
package import StatusCore
import StatusModel
package import StatusProviders
import Synchronization

/// Keeps the tokens of OAuth grants and renews them before they expire (SPEC §4).
///
/// A refresh token may work only once, so a set that a provider issued is on the disk before anybody gets to see it, and
/// a refresh that was sent is never cancelled. The tokens are lost only if the host or the daemon dies, or the answer
/// does, between the provider's issuing them and the end of the write; then somebody must log in anew.
///
/// The actor's steps are synchronous but for the exchange itself, so what was checked still holds when it is acted upon.
/// They read and write small files, which blocks a thread of the pool and never an event loop.
package actor OAuthRefresher: CredentialSource {
    /// How often files are looked at that nobody uses, and unsaved tokens are written again.
    package static let lookInterval = Duration.seconds(60)
    /// How long a reader waits for a token that is being renewed: what is left of a read's 2.5 s must do for the read.
    package static let renewalWait = Duration.milliseconds(1_500)

    /// How long who has a token renewed waits for that.
    package static let forcedRenewalWait = Duration.seconds(10)

    /// A refresh that is under way.
    struct Flight {
        var task: Task<Void, Never>
        var startedAt: ContinuousClock.Instant
    }

    private let exchange: OAuthExchange
    private let secrets: any CredentialSource
    let time: any TimeSource
    private let logger: Logger
    var generator: any RandomNumberGenerator & Sendable
    /// What the configuration says, by name.
    var entries: [String: OAuthEntry]
    /// What is known of them; of an entry that has changed, until its refresh has ended, by what it was before.
    var grants: [String: OAuthGrant]
    var schedule: TokenRefreshSchedule
    /// Each takes itself out; ``run(onChange:)`` awaits what is left.
    private(set) var flights: [String: Flight] = [:]
    /// Who waits for a grant's refresh to end.
    private var waiters: [String: [Int: AsyncStream<Never>.Continuation]] = [:]
    private var waitersCount = 0
    /// Grants whose readers are to be told.
    private var changed: Set<String> = []
    /// Files that a warning was given of.
    var warned: Set<String> = []
    private var alarm: Task<Void, Never>?
    private let persists = Atomic<Bool>(true)
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// `secrets` has the clients' own secrets; `logger` hears what becomes of the tokens, and never a token.
    package init(
        _ entries: [OAuthEntry], exchange: OAuthExchange, secrets: any CredentialSource, time: any TimeSource,
        logger: Logger, policy: TokenRefreshPolicy = TokenRefreshPolicy(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.exchange = exchange
        self.secrets = secrets
        self.time = time
        self.logger = logger
        self.generator = generator
        schedule = TokenRefreshSchedule(policy: policy)
        self.entries = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
        grants = self.entries.mapValues(OAuthGrant.init)
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Whether every file holds its grant's newest tokens; false while one cannot be written.
    package nonisolated var isPersisting: Bool { persists.load(ordering: .relaxed) }

    /// Renews what is due until the task is cancelled; then waits for what was sent. Without entries it sleeps until
    /// ``redefine(_:)`` brings some.
    ///
    /// - Parameter onChange: is told of each reference whose secret was renewed, replaced or revoked.
    package func run(onChange: @Sendable (CredentialReference) async -> Void) async {
        waker.yield()
        for await _ in wakes {
            lookAtFiles()
            startDue()
            setAlarm()
            let names = changed.sorted()
            changed = []
            for name in names { await onChange(.oauth(name: name)) }
        }
        alarm?.cancel()
        await alarm?.value
        for flight in flights.values { await flight.task.value }
        for name in grants.keys { save(name) }
    }
}

// What readers ask.
extension OAuthRefresher {
    /// The access token, after a refresh that has just begun: the provider may end the old one at any moment.
    package func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
        guard case .oauth(let name) = reference, grants[name] != nil else { throw missing(reference) }
        look(at: name)
        if let deadline = renewalDeadline(of: name, at: time.now.instant) {
            waker.yield()
            await waitForRefresh(of: name, until: deadline)
        }
        guard let grant = grants[name] else { throw missing(reference) }
        return try grant.accessToken(at: time.now.instant)
    }

    /// Until when a reader waits for the grant's refresh; nil when he does not. A refresh that hangs holds nobody up as
    /// long as the token lives.
    private func renewalDeadline(of name: String, at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard let grant = grants[name], grant.isUsable else { return nil }
        if grant.isExpired(at: now) {
            let isComing = schedule.isRunning(name) || schedule.isDue(name, at: now)
            return isComing ? now.advanced(by: Self.renewalWait) : nil
        }
        return flights[name]?.startedAt.advanced(by: Self.renewalWait)
    }

    /// Renews the token now, or joins the refresh that is under way, so that callers at once spend one refresh token. One that
    /// was renewed a moment ago is new enough. What the provider asked to wait for is waited for first: until then this fails as
    /// the refresh before did.
    package func renew(_ reference: CredentialReference) async throws(ProviderFailure) {
        guard case .oauth(let name) = reference, grants[name] != nil else { throw missing(reference) }
        look(at: name)
        let now = time.now.instant
        if schedule.isNew(name, at: now) { return }
        guard let grant = grants[name], grant.isUsable, schedule.hurry(name, at: now) else {
            throw grants[name]?.renewalFailure ?? missing(reference)
        }
        waker.yield()
        await waitForRefresh(of: name, until: now.advanced(by: Self.forcedRenewalWait))
        // A reload may have taken it away meanwhile, or put another in its place.
        guard let after = grants[name] else { throw missing(reference) }
        guard after.entry == grant.entry, after.generation != grant.generation else { throw after.renewalFailure }
    }

    /// By the file's mark, and by the set in force, which may be newer.
    package func version(of reference: CredentialReference) async -> CredentialVersion? {
        guard case .oauth(let name) = reference, let grant = grants[name] else { return nil }
        let mark = OAuthTokenFile(path: grant.entry.tokenFile).mark
        guard mark != nil || grant.isUnsaved else { return nil }
        return CredentialVersion("\(grant.generation)/\(mark?.text ?? "")")
    }

    private func missing(_ reference: CredentialReference) -> ProviderFailure {
        // One that a reload has brought waits for its file, which a refresh is about to write.
        if case .oauth(let name) = reference, let entry = entries[name] {
            return OAuthGrant(entry: entry).renewalFailure
        }
        return ProviderFailure(
            code: .misconfigured, cause: .host,
            hint: "The credential \(reference.text) has no entry in the section oauth; add one.",
            disposition: .keepsLast)
    }

    private func waitForRefresh(of name: String, until deadline: ContinuousClock.Instant) async {
        let (end, continuation) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
        waitersCount += 1
        let id = waitersCount
        waiters[name, default: [:]][id] = continuation
        defer { waiters[name]?[id] = nil }
        await withTaskGroup { group in
            group.addTask { for await _ in end {} }
            // Cancelled when the refresh has ended before.
            group.addTask { [time] in try? await time.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }
}

// What is due, and when to look again.
extension OAuthRefresher {
    private func lookAtFiles() {
        for name in grants.keys.sorted() {
            look(at: name)
            save(name)
            if grants[name]?.reckonExpiry(at: time.now) == true {
                schedule.moved(name, expiresAt: grants[name]?.expiresAt, at: time.now.instant, using: &generator)
            }
        }
        notePersistence()
    }

    func notePersistence() {
        persists.store(!grants.values.contains(where: \.isUnsaved), ordering: .relaxed)
    }

    private func startDue() {
        let now = time.now
        for name in schedule.start(at: now.instant) {
            flights[name] = Flight(task: Task { await self.refresh(name, at: now) }, startedAt: now.instant)
        }
    }

    private func setAlarm() {
        alarm?.cancel()
        guard !grants.isEmpty else { return }
        let next = time.now.instant.advanced(by: Self.lookInterval)
        alarm = Task { [time, waker, at = min(schedule.nextDue ?? next, next)] in
            // Cancelled when there is another alarm.
            do { try await time.sleep(until: at) } catch { return }
            waker.yield()
        }
    }

    /// Reads the file if it is another than before.
    private func look(at name: String) {
        guard let grant = grants[name] else { return }
        let file = OAuthTokenFile(path: grant.entry.tokenFile)
        let mark = file.mark
        guard mark == nil || mark != grant.mark else { return }
        note(file.read(), of: name)
    }

    private func note(_ content: OAuthTokenFile.Content, of name: String) {
        guard var grant = grants[name] else { return }
        let now = time.now
        let isFirst = grant.generation == 0
        let complaint = grant.complaint
        let isAnother = grant.noted(content, at: now)
        grants[name] = grant
        if isAnother {
            schedule.loaded(name, expiresAt: grant.expiresAt, at: now.instant, using: &generator)
            if !isFirst { announce(name) }
        }
        if let reason = grant.complaint, reason != complaint {
            logger.error("token file cannot be used", fields(grant.entry) + [.text("reason", reason)])
        }
        if case .tokens(_, _, isReadableByOthers: true) = content, warned.insert(name).inserted {
            logger.warning("token file is readable by every user of this host; chmod o-r it", fields(grant.entry))
        }
    }

    func announce(_ name: String) {
        changed.insert(name)
        waker.yield()
    }

    private func fields(_ entry: OAuthEntry) -> [LogField] {
        [.text("credential", "oauth:\(entry.name)"), .text("path", entry.tokenFile)]
    }
}

// One refresh.
extension OAuthRefresher {
    private func refresh(_ name: String, at askedAt: Moment) async {
        if let grant = grants[name], grant.isUsable, let spent = grant.tokens?.refreshToken {
            let outcome = await outcome(of: grant.entry, spending: spent, at: askedAt)
            // Somebody may have logged in anew meanwhile.
            look(at: name)
            settle(name, outcome, spent: spent, askedAt: askedAt)
        } else {
            schedule.failed(name, notBefore: nil, at: askedAt.instant, using: &generator)
        }
        notePersistence()
        flights[name] = nil
        adoptEntries()
        for waiter in waiters.removeValue(forKey: name)?.values ?? [:].values { waiter.finish() }
        waker.yield()
    }

    private func outcome(of entry: OAuthEntry, spending token: Secret, at now: Moment) async -> OAuthOutcome {
        var secret: Secret?
        if let reference = entry.clientSecret {
            do throws(ProviderFailure) { secret = try await secrets.secret(for: reference) } catch {
                return .failed(error)
            }
        }
        return await exchange.refresh(token, of: entry.name, client: entry.client, clientSecret: secret, now: now)
    }

    private func settle(_ name: String, _ outcome: OAuthOutcome, spent: Secret, askedAt: Moment) {
        let now = time.now
        guard let entry = grants[name]?.entry, grants[name]?.tokens?.refreshToken == spent else {
            schedule.superseded(name)
            return
        }
        switch outcome {
        case .granted(let granted):
            grants[name]?.renewed(by: granted, askedAt: askedAt)
            save(name)
            schedule.succeeded(name, expiresAt: grants[name]?.expiresAt, at: now.instant, using: &generator)
            logger.info("access token renewed", fields(entry))
            announce(name)
        case .revoked:
            grants[name]?.revoked()
            schedule.revoked(name)
            logger.error("the provider took the grant back; log in anew", fields(entry))
            announce(name)
        case .failed(let failure):
            grants[name]?.failed(failure)
            schedule.failed(
                name, notBefore: failure.retryAfter.map(now.instant(of:)), at: now.instant, using: &generator)
            logger.warning("access token could not be renewed", fields(entry) + [.text("reason", failure.hint)])
        }
    }

    /// Writes the set in force where only memory has it.
    func save(_ name: String) {
        guard let grant = grants[name], grant.isSavable, let tokens = grant.tokens else { return }
        do throws(SystemError) {
            try OAuthTokenFile(path: grant.entry.tokenFile).write(tokens)
            grants[name]?.saved()
        } catch {
            logger.error(
                "renewed tokens cannot be written and are lost if the daemon stops; it tries again",
                fields(grant.entry) + [.text("reason", error.description)])
        }
    }
}

import HTTPClient
import LinuxSystem
import Signatures
import StatusCore
import StatusEngine
import StatusModel
import StatusProviders
import TTRPCCore
import TTRPCTransport

/// One daemon: everything that it is made of, and its life from the first answer to the last.
struct Daemon {
    /// How long running calls have when the daemon is told to stop (SPEC §9).
    static let drainGrace = Duration.seconds(5)

    let configuration: Configuration
    /// Reads the configuration anew, from where this one came.
    let load: @Sendable () -> Result<Configuration, ConfigurationError>
    /// Opened; the daemon closes it.
    let store: any ManagedStore
    let logger: Logger
    let audit: AuditLog
    let manager: ServiceManager
    let environment: [String: String]
    let time: SystemTime

    /// Serves on the listener until a signal says to stop.
    ///
    /// `signals` is a descriptor that reads the signals which concern the daemon, and which it owns from now on.
    ///
    /// - Throws: ``SystemError`` when the loop or a thread cannot be had.
    func run(_ listener: UnixListener, socketPath: String, signals signalDescriptor: Int32) async throws(SystemError) {
        let startedAt = time.now
        let client = CurlHTTPClient(configuration.client)
        let oauth = makeRefresher(client)
        let pages = configuration.statusPages(over: client)
        let guards = makeGuards(client)
        let credentials = CredentialReader(
            environment: environment, logger: logger, oauth: oauth,
            directories: configuration.actions.credentials.filter(\.isDirectory))
        let digest: DigestFunction = { SHA256Digest.hex(of: $0) }
        let actions = makeActions(guards, credentials, digest)
        let engine = makeEngine(guards, credentials, pages, actions, digest)
        guards.onChange { engine.noteBreaker($0) }
        await engine.open(configuration.projects)
        let health = DaemonHealth(engine: engine, oauth: oauth)
        let reloader = makeReloader(engine, actions, oauth)
        let watches = WatchHubs(engine: engine, time: time)
        let loop = try EventLoop()
        try loop.start(name: "telltale-loop")
        let server = makeServer(
            engine, watches, health, loop,
            AdminMethods(
                engine: engine, time: time, startedAt: startedAt, socketPath: socketPath,
                standing: standing(by: guards), reload: { await reloader.reload() }),
            WebhookMethod(engine: engine, credentials: credentials, time: time, logger: logger))
        let signals = SignalWatcher(owning: signalDescriptor, loop: loop)
        try await signals.start()
        try await server.listen(on: listener)
        if let interval = manager.watchdogInterval {
            await Watchdog(loop: loop, manager: manager, interval: interval).start()
        }
        manager.notify("READY=1\nSTATUS=Serving \(configuration.projects.count) projects")
        logger.notice(
            "serving",
            [
                .text("socket", socketPath), .number("projects", configuration.projects.count),
                .text("version", TelltaleVersion.current),
            ])
        await serve(
            engine, server, health, signals, reloader,
            behind: [
                { await pages?.run() }, { await oauth.run { await engine.credentialChanged($0) } },
                StoreUpkeep(store, keep: configuration.store.keep, time: time) { await engine.storeBegunAnew() }.run,
                audit.run,
            ])
        await watches.readsEnded()
        await store.close()
        await client.shutdown()
        loop.stop()
    }

    private func serve(
        _ engine: StatusEngine, _ server: TTRPCServer, _ health: DaemonHealth, _ signals: SignalWatcher,
        _ reloader: Reloader, behind companions: [@Sendable () async -> Void]
    ) async {
        // Signals that arrive during a reload are one more reload.
        let (hangUps, hangUpSink) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup { group in
            group.addTask { await engine.run() }
            group.addTask { for await _ in hangUps { _ = await reloader.reload() } }
            for companion in companions { group.addTask { await companion() } }
            group.addTask { [time] in await IdleTrim(engine: engine, time: time).run() }
            for await signal in signals.signals {
                guard signal == DaemonProgram.SIGHUP else {
                    logger.notice("draining", [.number("signal", signal)])
                    break
                }
                hangUpSink.yield()
            }
            manager.notify("STOPPING=1")
            health.drain()
            await server.drain(within: Self.drainGrace)
            await signals.stop()
            group.cancelAll()
        }
        logger.notice("stopped")
    }

    private func makeEngine(
        _ guards: UpstreamGuards, _ credentials: CredentialReader, _ pages: StatusPages?, _ actions: ActionParts,
        _ digest: @escaping DigestFunction
    ) -> StatusEngine {
        // The epoch of a daemon that has no store to go on from.
        let journal = EventJournal(epoch: UInt64(clamping: SystemTime.wall.nanoseconds))
        return StatusEngine(
            configuration: configuration.engine,
            providers: explained(providers(behind: guards, digest), by: pages),
            credentials: credentials, store: store, time: time, board: StatusBoard(digest: digest),
            journal: journal, executors: actions.executors, links: actions.links, onResumption: audit.resumed,
            breakerPlaces: { link in
                GuardedPlace.places(of: link).map { [Upstream(link.key).description, $0.description] }
            }, restoreBreakers: { guards.restore($0) })
    }

    private func makeServer(
        _ engine: StatusEngine, _ watches: WatchHubs, _ health: DaemonHealth, _ loop: EventLoop,
        _ admin: AdminMethods, _ webhooks: WebhookMethod
    ) -> TTRPCServer {
        let methods = MethodTable.telltale(
            engine: engine, time: time, reader: configuration.engine.reader,
            heartbeat: configuration.refresh.heartbeat, watches: watches, admin: admin,
            health: health, webhooks: webhooks, audit: audit)
        return TTRPCServer(
            methods: methods, limits: configuration.serverLimits, loops: [loop],
            observer: ConnectionLog(logger: logger, refusals: admin.refusals), admit: configuration.access.admission)
    }
}

extension AccessPolicy {
    /// The decision about a peer at accept: its ceiling, as a tag that the handlers read, or a refusal.
    var admission: @Sendable (PeerCredentials) -> Admission {
        { credentials in
            let peer = PeerIdentity(
                userID: credentials.uid, groupID: credentials.gid, processID: credentials.pid,
                supplementaryGroupIDs: credentials.groups)
            if let ceiling = ceiling(for: peer) { return .admitted(tag: ceiling.index) }
            return .refused(
                RPCStatus(.permissionDenied, AccessRefusal.peerNotAllowed(userID: credentials.uid).message))
        }
    }
}

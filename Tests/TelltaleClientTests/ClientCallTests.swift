import ClientTestSupport
import StatusModel
import StatusWire
import Synchronization
import TelltaleClient
import Testing

@Suite("Calls of a client", .timeLimit(.minutes(1)))
struct ClientCallTests {
    private func behaviour() throws -> FakeDaemon.Behaviour {
        var behaviour = FakeDaemon.Behaviour()
        let envelope = try Sample.envelope()
        behaviour.status = { request in
            .success(StatusAnswer(envelope: envelope, hash: "h1", source: .hit, age: request.contract.maxAge))
        }
        return behaviour
    }

    @Test("a status is read with what the caller asks, on behalf of whom it says")
    func status() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client {
                $0.user = "ada"
                $0.role = .viewer
            }
            let answer = try await client.status(
                of: Sample.project(), contract: ReadersContract(maxAge: .seconds(9)), mode: .preferFresh)
            #expect(try answer.envelope == Sample.envelope())
            #expect(answer.age == .seconds(9))
            #expect(daemon.calls.all == [CallLog.Call(method: "GetStatus", user: "ada", role: "viewer")])
        }
    }

    @Test("the daemon's refusal comes with its reason, its delay and the fields it names")
    func refusal() async throws {
        var behaviour = try behaviour()
        behaviour.status = { _ in
            .failure(
                ErrorStatus(
                    code: 14, message: "Too old.", reason: "TOO_STALE", retryAfter: .seconds(3),
                    violations: [ErrorStatus.FieldViolation(field: "contract.max_stale", description: "is short")]))
        }
        try await withDaemon(behaviour) { daemon in
            let error = await #expect(throws: TelltaleError.self) {
                try await daemon.client().status(of: Sample.project())
            }
            #expect(error?.code == .unavailable)
            #expect(error?.reason == "TOO_STALE")
            #expect(error?.retryAfter == .seconds(3))
            #expect(error?.violations.map(\.field) == ["contract.max_stale"])
            #expect(error?.description == "UNAVAILABLE: Too old. (TOO_STALE)")
            #expect(daemon.calls.all.count == 1, "an answer is not asked for twice")
        }
    }

    @Test("an item is explained, and one that does not exist is not found")
    func explain() async throws {
        var behaviour = try behaviour()
        behaviour.explain = { request in
            guard request.key == .provider(.vercel) else {
                return .failure(ErrorStatus(code: 5, message: "There is no \(request.key)."))
            }
            return .success(ItemExplanation(status: IntegrationStatus(key: request.key), reasons: ["So it is."]))
        }
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client()
            let told = try await client.explain(Sample.project(), key: .provider(.vercel))
            #expect(told.reasons == ["So it is."])
            let error = await #expect(throws: TelltaleError.self) {
                try await client.explain(Sample.project(), key: .service("oven"))
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test("many calls at once share one connection")
    func multiplexed() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            let project = try Sample.project()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 { group.addTask { _ = try await client.status(of: project) } }
                try await group.waitForAll()
            }
            #expect(daemon.connectionCount == 1)
        }
    }

    @Test("a webhook is handed on byte for byte, and again when the connection was lost")
    func ingestWebhook() async throws {
        var behaviour = FakeDaemon.Behaviour()
        let delivery = WebhookDelivery(
            provider: .sanity, headers: [WebhookHeader("Sanity-Dataset", "production")], body: [0, 0xFF, 0x0A],
            projectID: try Sample.project())
        let receipt = WebhookReceipt(events: [EventID(epoch: 7, sequence: 3)], isDuplicate: true)
        behaviour.webhook = { $0 == delivery ? .success(receipt) : .failure(ErrorStatus(code: 13, message: "\($0)")) }
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client()
            #expect(try await client.ingestWebhook(delivery) == receipt)
            await daemon.stop()
            try await daemon.start()
            #expect(try await client.ingestWebhook(delivery) == receipt)
        }
    }

    @Test("a run is reported whole, and answered with the event that it became")
    func reportRun() async throws {
        var behaviour = FakeDaemon.Behaviour()
        let report = RunReport(
            projectID: try Sample.project(), kind: .smokeTests,
            results: [RunResult(name: "home", key: .service("w"), passed: false, latency: .seconds(2), message: "500")],
            endedAt: UnixTime(seconds: 60), runID: "ci-1")
        let receipt = RunReceipt(event: EventID(epoch: 7, sequence: 3), isDuplicate: true)
        behaviour.run = { $0 == report ? .success(receipt) : .failure(ErrorStatus(code: 13, message: "\($0)")) }
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client()
            #expect(try await client.reportRun(report) == receipt)
            await daemon.stop()
            try await daemon.start()
            #expect(try await client.reportRun(report) == receipt)
        }
    }

    @Test("a run without an id is sent once: nobody knows whether it counted when the connection broke under it")
    func unnamedRun() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            let report = RunReport(projectID: try Sample.project(), kind: .diagnostics)
            let started = daemon.hang("ReportRun")
            let call = Task { try await client.reportRun(report) }
            await started.wait()
            await daemon.stop()
            let error = await #expect(throws: TelltaleError.self) { try await call.value }
            #expect(error?.code == .unavailable)
            #expect(daemon.calls.all.map(\.method) == ["ReportRun"])
        }
    }

    @Test("a call finds a restarted daemon by itself")
    func restart() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            _ = try await client.status(of: Sample.project())
            await daemon.stop()
            let error = await #expect(throws: TelltaleError.self) { try await client.status(of: Sample.project()) }
            #expect(error?.code == .unavailable)
            try await daemon.start()
            _ = try await client.status(of: Sample.project())
        }
    }

    @Test("a call that finds its connection closed is made again on a new one")
    func transparentReconnect() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            _ = try await client.status(of: Sample.project())
            await daemon.stop()
            try await daemon.start()
            let answer = try await client.status(of: Sample.project())
            #expect(answer.hash == "h1")
        }
    }

    @Test("of several paths the first on which a daemon listens is used")
    func paths() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client { $0.socketPaths.insert("/tmp/telltale-nowhere.sock", at: 0) }
            let answer = try await client.status(of: Sample.project())
            #expect(answer.hash == "h1")
        }
    }

    @Test(
        "the client looks where the daemon would be",
        arguments: [
            (nil, [:], ["/run/telltale/telltale.sock"]), ("/s", ["TELLTALE_SOCKET": "/t"], ["/s"]),
            (nil, ["TELLTALE_SOCKET": "/t"], ["/t"]),
            (nil, ["XDG_RUNTIME_DIR": "/u"], ["/u/telltale/telltale.sock", "/run/telltale/telltale.sock"]),
        ] as [(String?, [String: String], [String])])
    func candidates(_ option: String?, _ environment: [String: String], _ paths: [String]) {
        let configuration = TelltaleClient.Configuration(socketPath: option, environment: environment)
        #expect(configuration.socketPaths == paths)
    }

    @Test("a call without an answer ends with its deadline, and others go on")
    func deadline() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            daemon.hang("GetServerInfo")
            let error = await #expect(throws: TelltaleError.self) {
                try await client.serverInfo(timeout: .milliseconds(20))
            }
            #expect(error?.code == .deadlineExceeded)
            _ = try await client.status(of: Sample.project())
            #expect(daemon.connectionCount == 1)
        }
    }

    @Test("closing the client fails the calls under way")
    func closedUnderWay() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            let started = daemon.hang("GetServerInfo")
            let call = Task { try await client.serverInfo() }
            await started.wait()
            client.close()
            let error = await #expect(throws: TelltaleError.self) { try await call.value }
            #expect(error?.code == .cancelled)
        }
    }

    @Test("all pages of projects are read, and a list without an end is refused")
    func pages() async throws {
        var behaviour = FakeDaemon.Behaviour()
        let overview = ProjectOverview(projectID: try Sample.project(), overall: .warning, hash: "h")
        behaviour.projects = { request in
            ProjectPage(projects: [overview], nextPageToken: request.pageToken.count < 3 ? request.pageToken + "x" : "")
        }
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client()
            let projects = try await client.projects()
            #expect(projects == [overview, overview, overview, overview])
            daemon.change { $0.projects = { _ in ProjectPage(projects: [], nextPageToken: "again") } }
            let error = await #expect(throws: TelltaleError.self) { try await client.projects() }
            #expect(error?.code == .internal)
        }
    }

    @Test("the daemon's own numbers can be read")
    func numbers() async throws {
        var behaviour = FakeDaemon.Behaviour()
        behaviour.health = ["": .serving, "github": .notServing]
        behaviour.reload = .success(
            ReloadReport(projectsAdded: 1, projectsChanged: 2, projectsRemoved: 3, needsRestart: ["socket.path"]))
        behaviour.cache = CacheStats(size: 4, active: 3, expired: 1, hits: 10, misses: 2, staleHits: 1, collapsed: 5)
        try await withDaemon(behaviour) { daemon in
            let client = daemon.client()
            let (whole, github) = (try await client.health(), try await client.health(of: "github"))
            #expect(whole == .serving)
            #expect(github == .notServing)
            let parts = try await client.healthList()
            #expect(parts == behaviour.health)
            let cache = try await client.cacheStatistics()
            #expect(cache == behaviour.cache)
            let info = try await client.serverInfo()
            #expect(info == behaviour.info)
            let count = try await client.invalidate(Sample.project(), keys: [.provider(.github), .service("w")])
            #expect(count == 2)
            let isAccepted = try await client.acceptLostKeys()
            #expect(isAccepted)
            let report = try await client.reload()
            #expect(report == (try behaviour.reload.get()))
            let error = await #expect(throws: TelltaleError.self) { try await client.health(of: "oven") }
            #expect(error?.code == .notFound)
        }
    }

    @Test("without a daemon the error names every path that was tried")
    func nobody() async throws {
        let client = TelltaleClient(
            configuration: TelltaleClient.Configuration(
                environment: ["XDG_RUNTIME_DIR": "/tmp/telltale-nowhere"]))
        let error = await #expect(throws: TelltaleError.self) { try await client.serverInfo() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("/tmp/telltale-nowhere/telltale/telltale.sock") == true)
        #expect(error?.message.contains("Is telltaled running?") == true)
    }

    @Test("a closed client fails every use, and closes its connection")
    func closed() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            _ = try await client.status(of: Sample.project())
            client.close()
            let error = await #expect(throws: TelltaleError.self) { try await client.status(of: Sample.project()) }
            #expect(error?.code == .cancelled)
            var iterator = client.watch().makeAsyncIterator()
            await #expect(throws: TelltaleError.self) { try await iterator.next() }
        }
    }

    @Test("a cancelled task gets its error and leaves the connection to the others")
    func cancellation() async throws {
        try await withDaemon(behaviour()) { daemon in
            let client = daemon.client()
            let project = try Sample.project()
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.status(of: project)
            }
            let error = await #expect(throws: TelltaleError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            _ = try await client.status(of: project)
        }
    }
}

import StatusCore
import StatusEngine
import StatusModel
import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("GetStatus", .timeLimit(.minutes(1)))
struct GetStatusTests {
    @Test("the first reader waits for the reading, the next get it with its age, and past its time to live it is stale")
    func sources() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let first = try await client.status()
            #expect(first.source == .fetched)
            #expect(first.age == .zero)
            #expect(first.envelope?.items.first?.status == .connected)
            #expect(first.nextAttemptAt == rig.time.now.wall.advanced(by: .seconds(15)))
            rig.time.advance(by: .seconds(10))
            let hit = try await client.status()
            #expect(hit.source == .hit)
            #expect(hit.age == .seconds(10))
            #expect(!hit.isRefreshing)
            #expect(hit.hash == first.hash)
        }
    }

    @Test("a stale answer comes at once, says that a refresh runs, and many of them cause one")
    func stale() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            rig.provider.follow(nil)
            // The engine's own refresh is due at the same instant; it is one read, whoever is first.
            rig.time.advance(by: .seconds(15))
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<100 { group.addTask { try await client.status() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.source == .stale && $0.isRefreshing && $0.age == .seconds(15) })
            let attempt = await rig.provider.next()
            await rig.settle()
            #expect(rig.provider.readCount == 2)
            attempt?.succeed()
            await eventually { (try? await client.status().source) == .hit }
        }
    }

    @Test("a project that was never read waits at most 400 ms, then says that it is being checked")
    func firstWait() async throws {
        try await ServerRig(nil).run { rig in
            let client = try await rig.client()
            async let answer = client.status()
            // The read's deadline and the reader's patience.
            await rig.time.waitForSleepers(2)
            rig.time.advance(by: .milliseconds(399))
            await rig.settle()
            rig.time.advance(by: .milliseconds(1))
            let checking = try await answer
            #expect(checking.source == .checking)
            #expect(checking.age == nil)
            #expect(checking.isRefreshing)
            await rig.provider.next()?.succeed()
            await eventually { (try? await client.status().source) == .hit }
        }
    }

    @Test("a wait ends a little before the call's own deadline, so that an answer comes in place of an error")
    func ownDeadline() async throws {
        try await ServerRig(nil).run { rig in
            let client = try await rig.client()
            async let answer = client.status(timeout: .milliseconds(100))
            await rig.time.waitForSleepers(2)
            rig.time.advance(by: .milliseconds(80))
            #expect(try await answer.source == .checking)
        }
    }

    @Test("who holds the digest already gets no envelope, until the content changes")
    func notModified() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let hash = try await client.status().hash
            for _ in 0..<3 {
                let answer = try await client.status(ifNoneMatch: hash)
                #expect(answer.notModified)
                #expect(answer.envelope == nil)
                #expect(answer.hash == hash)
                #expect(answer.source == .hit)
            }
            rig.provider.follow { .success($0.reading(words: "Other")) }
            await rig.advance(by: .seconds(15))
            let changed = try await client.status(ifNoneMatch: hash)
            #expect(!changed.notModified)
            #expect(changed.envelope?.items.first?.summary == "Other")
        }
    }

    @Test("the same request again and again is answered as any other: ages grow, changes show, an end of life counts")
    func repeated() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            for second in 1...14 {
                rig.time.advance(by: .seconds(1))
                for _ in 0..<3 {
                    let answer = try await client.status()
                    // Other bytes, so that this one goes the long way.
                    let long = try await client.status(timeout: .seconds(second))
                    #expect(answer == long)
                    #expect(answer.age == .seconds(second))
                }
            }
            let id = try #require(ProjectID("shop"))
            rig.provider.follow { .success($0.reading(words: "Other")) }
            #expect(await rig.engine.invalidate(id, keys: []) == 1)
            await eventually { (try? await client.status().envelope?.items.first?.summary) == "Other" }
            #expect(try await client.status().age == .zero)

            rig.provider.follow(nil)
            rig.time.advance(by: .seconds(15))
            #expect(try await client.status().source == .stale)
            let stats = try await client.call(ServerRig.admin, "GetCacheStats", as: CacheStats.self)
            #expect(stats.hits > 84)
            #expect(stats.staleHits >= 1)
        }
    }

    @Test("older than max_stale is withheld, with when to ask again, and a refresh starts")
    func maxStale() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            rig.provider.follow(nil)
            rig.time.advance(by: .seconds(10))
            let contract = ReadersContract(maxStale: .seconds(5))
            let error = await failureOf { _ = try await client.status("shop", contract) }
            #expect(error?.code == .unavailable)
            #expect(error?.hasDetail("google.rpc.ErrorInfo", holding: "TOO_STALE") == true)
            #expect(error?.hasDetail("google.rpc.RetryInfo", holding: "") == true)
            #expect(error?.message.contains("10 s") == true)
            await rig.provider.next()?.succeed()
            await eventually { (try? await client.status("shop", contract).source) == .hit }
        }
    }

    @Test("older than max_age is answered and refreshed; with max_wait it is waited for")
    func maxAge() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            rig.time.advance(by: .seconds(10))
            let behind = try await client.status("shop", ReadersContract(maxAge: .seconds(5)))
            #expect(behind.age == .seconds(10))
            await eventually { (try? await client.status().age) == .zero }
            #expect(rig.provider.readCount == 2)
            rig.time.advance(by: .seconds(10))
            let waited = try await client.status("shop", ReadersContract(maxAge: .seconds(5), maxWait: .seconds(1)))
            #expect(waited.age == .zero)
            #expect(waited.source == .fetched)
        }
    }

    @Test("prefer_fresh waits when something is due, force also when not; at most once a second")
    func modes() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            #expect(try await client.status("shop", ReadersContract(), .preferFresh).source == .hit)
            for _ in 0..<10 { #expect(try await client.status("shop", ReadersContract(), .force).source == .hit) }
            #expect(rig.provider.readCount == 1)
            rig.time.advance(by: .seconds(1))
            #expect(try await client.status("shop", ReadersContract(), .force).source == .fetched)
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("an unknown project is NOT_FOUND with its reason, a malformed one INVALID_ARGUMENT with the field")
    func badProjects() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let unknown = await failureOf { _ = try await client.status("nowhere") }
            #expect(unknown?.code == .notFound)
            #expect(unknown?.hasDetail("google.rpc.ErrorInfo", holding: "PROJECT_UNKNOWN") == true)
            // Field 1, `project_id`, of one byte that no name begins with; and no message at all.
            for payload: [UInt8] in [[0x0A, 0x01, 0x2F], []] {
                let malformed = await failureOf {
                    _ = try await client.call(ServerRig.status, "GetStatus", payload, as: StatusAnswer.self)
                }
                #expect(malformed?.code == .invalidArgument)
                #expect(malformed?.hasDetail("google.rpc.BadRequest", holding: "project_id") == true)
            }
        }
    }

    @Test("an asserted role lowers what is seen and never raises it")
    func roles() async throws {
        try await ServerRig().run { rig in
            let owner = try await rig.client(.owner)
            let viewer = try await rig.client(.viewer)
            func label(_ client: TestClient, _ role: String?) async throws -> String? {
                try await client.status(role: role).envelope?.items.first?.label
            }
            // Repeated, so that the prepared answers of one peer are met by the other.
            for _ in 0..<3 {
                #expect(try await label(owner, nil) == "octo-org/octo-repo")
                #expect(try await label(viewer, nil) == "Private repository")
                #expect(try await label(owner, "viewer") == "Private repository")
                #expect(try await label(viewer, "owner") == "Private repository")
            }
        }
    }

    @Test("a role that is none is refused with the field, on every way in", arguments: ["", "Owner", "root", "owner "])
    func noRole(role: String) async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            for _ in 0..<3 {
                let error = await failureOf { _ = try await client.status(role: role) }
                #expect(error?.code == .invalidArgument)
                #expect(error?.hasDetail("google.rpc.BadRequest", holding: "telltale-role") == true)
            }
            let watch = try await client.watch(role: role)
            #expect(await failureOf { _ = try await watch.next() }?.code == .invalidArgument)
            let listing = await failureOf {
                _ = try await client.call(ServerRig.admin, "ListProjects", role: role, as: ProjectPage.self)
            }
            #expect(listing?.code == .invalidArgument)
        }
    }

    @Test("an asserted user must be printable", arguments: ["", "a\nb", String(repeating: "u", count: 129)])
    func noUser(user: String) async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let error = await failureOf {
                _ = try await client.connection.call(
                    service: ServerRig.admin, method: "GetServerInfo", payload: [], metadata: [("telltale-user", user)])
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.hasDetail("google.rpc.BadRequest", holding: "telltale-user") == true)
        }
    }
}

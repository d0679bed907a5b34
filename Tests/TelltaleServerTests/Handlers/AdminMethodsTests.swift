import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TestSupport
import Testing

@Suite("The administrative methods", .timeLimit(.minutes(1)))
struct AdminMethodsTests {
    @Test("the projects come in pages, sorted, each once, and without a read")
    func pages() async throws {
        let ids = (0..<10).map { "p\($0)" }
        try await ServerRig().run(ids.shuffled().map { project($0) }) { rig in
            let client = try await rig.client()
            var (seen, token, pageCount) = ([String](), "", 0)
            repeat {
                let request = ListProjectsRequest(pageSize: 4, pageToken: token).encoded(in: MessageArena())
                let page = try await client.call(ServerRig.admin, "ListProjects", request, as: ProjectPage.self)
                seen += page.projects.map(\.projectID.rawValue)
                token = page.nextPageToken
                pageCount += 1
            } while !token.isEmpty
            #expect(seen == ids)
            #expect(pageCount == 3)
            #expect(rig.provider.readCount == 0)
        }
    }

    @Test("a page counts what the caller's role can see")
    func counts() async throws {
        let shop = project("shop", hidden: [.provider(.github): [.viewer]])
        try await ServerRig().run([shop]) { rig in
            let owner = try await rig.client()
            let viewer = try await rig.client(.viewer)
            _ = try await owner.status()
            let all = try await owner.call(ServerRig.admin, "ListProjects", as: ProjectPage.self).projects.first
            #expect(all?.counts == StateCounts(connected: 1))
            #expect(all?.overall == .connected)
            let visible = try await viewer.call(ServerRig.admin, "ListProjects", as: ProjectPage.self).projects.first
            #expect(visible?.counts == StateCounts())
            #expect(visible?.overall == .disconnected)
        }
    }

    @Test("the daemon says what it is, and its uptime by the monotonic clock")
    func info() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let startedAt = rig.time.now.wall
            rig.time.advance(by: .seconds(90))
            let info = try await client.call(ServerRig.admin, "GetServerInfo", as: ServerInfo.self)
            #expect(info.version == TelltaleVersion.current)
            #expect(info.startedAt == startedAt)
            #expect(info.uptime == .seconds(90))
            #expect(info.socketPath == "/run/t.sock")
            #expect(info.projects == 1)
            #expect(info.refusedConnections.map(\.reason) == ["not_allowed", "too_many", "too_many_of_user"])
        }
    }

    @Test("where on the host the daemon serves is told to owner and admin alone", arguments: Role.allCases)
    func place(role: Role) async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let info = try await client.call(
                ServerRig.admin, "GetServerInfo", role: role.rawValue, as: ServerInfo.self)
            #expect(info.socketPath == (role >= .admin ? "/run/t.sock" : ""))
            #expect(info.version == TelltaleVersion.current)
        }
    }

    @Test("the cache counts how reads were answered")
    func stats() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            for _ in 0..<5 { _ = try await client.status() }
            let stats = try await client.call(ServerRig.admin, "GetCacheStats", as: CacheStats.self)
            #expect((stats.hits, stats.misses, stats.staleHits, stats.collapsed) == (4, 1, 0, 0))
            #expect((stats.size, stats.active, stats.expired) == (1, 1, 0))
        }
    }

    @Test("editors and mightier may invalidate, of one project or of all; viewers may not")
    func invalidate() async throws {
        try await ServerRig().run([project("a"), project("b")]) { rig in
            func invalidate(_ client: TestClient, _ id: String?) async throws -> Int {
                let request = InvalidateRequest(projectID: id.flatMap { ProjectID($0) })
                let bytes = request.encoded(in: MessageArena())
                return try await client.call(ServerRig.admin, "Invalidate", bytes, as: InvalidateResponse.self)
                    .invalidated
            }
            let editor = try await rig.client(.editor)
            let viewer = try await rig.client(.viewer)
            #expect(try await invalidate(editor, "a") == 1)
            #expect(try await invalidate(editor, nil) == 2)
            #expect(await failureOf { _ = try await invalidate(viewer, "a") }?.code == .permissionDenied)
            // A viewer learns nothing of what exists.
            #expect(await failureOf { _ = try await invalidate(viewer, "nowhere") }?.code == .permissionDenied)
            #expect(await failureOf { _ = try await invalidate(editor, "nowhere") }?.code == .notFound)
        }
    }
}

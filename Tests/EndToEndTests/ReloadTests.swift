import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A reload", .timeLimit(.minutes(2)))
    struct ReloadTests {
        private static let blog =
            #"blog: { github: { repo: "acme/shop", api: "$API", credential: "$TOKEN", enabled: true } }"#
        private static let service =
            #"services: { worker: { url: "$API/services/worker/health", allowLocal: true } }"#
        private static let blogWithWorker = blog.replacing("enabled: true }", with: "enabled: true }, \(service)")

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("SIGHUP adds, changes and removes a project, and a watch on another one stays")
        func signal() async throws {
            let daemon = try await stage.startDaemon()
            let client = daemon.client()
            _ = try await client.status(of: .shop)
            var watch = client.watch(projects: [.shop]).makeAsyncIterator()
            #expect(try await watch.next() == .connection(.connected))
            guard case .snapshot(_, let asOf) = try await watch.next() else {
                Issue.record("the first message is no snapshot")
                return
            }

            try await reload(daemon, "\(Stage.shop), \(Self.blog)", "added=1 changed=0 removed=0")
            #expect(try await client.status(of: .blog).envelope?.services.isEmpty == true)
            try await reload(daemon, "\(Stage.shop), \(Self.blogWithWorker)", "added=0 changed=1 removed=0")
            #expect(try await client.status(of: .blog).envelope?.services.map(\.key) == [.service("worker")])
            try await reload(daemon, Stage.shop, "added=0 changed=0 removed=1")
            let error = await #expect(throws: TelltaleError.self) { try await client.status(of: .blog) }
            #expect(error?.code == .notFound)

            // The same watch, unbroken: it said where it stands, and what comes next is what happens next.
            guard case .heartbeat = try await watch.next() else {
                Issue.record("the watch does not say where it stands")
                return
            }
            try await stage.simulator.push("acme/shop")
            try await client.refresh(.shop)
            guard case .event(let event) = try await watch.next() else {
                Issue.record("the watch was cut off")
                return
            }
            #expect(event.projectID == .shop)
            #expect(try #require(asOf).sequence < event.id.sequence)
        }

        @Test("a watch on every project hears of those that come and go")
        func events() async throws {
            let daemon = try await stage.startDaemon()
            let client = daemon.client()
            _ = try await client.status(of: .shop)
            var watch = client.watch().makeAsyncIterator()
            while let update = try await watch.next() {
                if case .snapshot = update { break }
            }
            try await reload(daemon, "\(Stage.shop), \(Self.blog)", "added=1 changed=0 removed=0")
            try await reload(daemon, Stage.shop, "added=0 changed=0 removed=1")
            var seen: [String] = []
            while seen.last != "project:removed", let update = try await watch.next() {
                guard case .event(let event) = update, event.projectID == .blog else { continue }
                if event.kind.hasPrefix("project:") { seen.append(event.kind) }
            }
            #expect(seen == ["project:added", "project:removed"])
        }

        @Test("a mistaken file changes nothing, and says where it is mistaken")
        func mistake() async throws {
            let daemon = try await stage.startDaemon()
            let path = try stage.configure(projects: "shop: {},\n blog: { gitub: {} }")
            daemon.process.send(SIGHUP)
            try await daemon.process.waitForError("configuration refused")
            let end = try await daemon.run("reload")
            #expect(end.ending == .exited(EX_CONFIG))
            let line = try #require(end.errors.split(separator: "\n").first { $0.hasPrefix("\(path):") })
            #expect(line.hasSuffix(#": projects.blog.gitub: unknown key; did you mean "github"?"#))
            #expect(end.errors.contains("telltale: The configuration has 1 mistake; the one before it stays in force."))
            let number = try #require(line.split(separator: ":").dropFirst().first)
            let logged = daemon.process.state.errors
            #expect(logged.contains("file=\(path) line=\(number) path=projects.blog.gitub"), "\(logged)")
            #expect(try await daemon.client().status(of: .shop).envelope?.overall == .connected)
        }

        @Test("telltale reload says what changed and what needs a restart; an editor may not")
        func command() async throws {
            let daemon = try await stage.startDaemon()
            _ = try stage.configure(projects: "\(Stage.shop), \(Self.blog)", refresh: #"ttl: "20s""#)
            let end = try await daemon.run("reload")
            #expect(end.ending == .exited(0))
            #expect(
                end.output == """
                    1 project added, 0 changed, 0 removed.
                    Only after a restart: refresh.ttl, refresh.forceInterval.

                    """)
            let json = try await daemon.run("reload", "--json")
            #expect(
                json.output == #"{"needs_restart":["refresh.ttl","refresh.forceInterval"],"projects_added":0,"#
                    + #""projects_changed":0,"projects_removed":0}"# + "\n")
            let refused = try await daemon.run("reload", "--role", "editor")
            #expect(refused.ending == .exited(EX_NOPERM))
        }

        /// Writes another configuration, and returns once the daemon has it.
        private func reload(_ daemon: RunningDaemon, _ projects: String, _ numbers: String) async throws {
            _ = try stage.configure(projects: projects, refresh: Refresh.onDemand)
            daemon.process.send(SIGHUP)
            try await daemon.process.waitForError(numbers)
        }
    }
}

extension ProjectID {
    fileprivate static let blog = ProjectID(known: "blog")
}

import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TelltaleServer
import TestSupport
import Testing

@Suite("The reloader", .timeLimit(.minutes(1)))
struct ReloaderTests {
    /// A file that the test writes, an engine that the test holds up, and what was said to whom.
    private final class Rig: Sendable {
        let sink = RecordingLogSink()
        private let file = Lock("{}")
        private let reads = Lock(0)
        private let defined = Lock<[[ProjectDefinition]]>([])
        private let states = Lock<[String]>([])
        private let tables = Lock<[CommandTable]>([])
        private let held = Lock<[CheckedContinuation<Void, Never>]>([])
        private let holds: Bool

        init(holds: Bool = false) { self.holds = holds }

        var readCount: Int { reads.withLock { $0 } }
        var definitions: [[ProjectDefinition]] { defined.withLock { $0 } }
        var told: [String] { states.withLock { $0 } }
        var appliedTables: [CommandTable] { tables.withLock { $0 } }
        var heldCount: Int { held.withLock { $0.count } }

        func write(_ text: String) { file.withLock { $0 = text } }

        func letGo() { held.withLock { $0.isEmpty ? nil : $0.removeFirst() }?.resume() }

        func reloader(_ started: String = "{}") throws -> Reloader {
            let parts = Reloader.Parts(
                load: { [self] in
                    reads.withLock { $0 += 1 }
                    let text = file.withLock { $0 }
                    return Result { () throws(ConfigurationError) in try parse(text) }
                },
                apply: { [self] configuration in tables.withLock { $0.append(configuration.commands) } },
                redefine: { [self] definitions in
                    defined.withLock { $0.append(definitions) }
                    if holds { await withCheckedContinuation { turn in held.withLock { $0.append(turn) } } }
                    return RedefinitionReport(added: definitions.count, changed: 2, removed: 3)
                },
                reloading: { [self] in states.withLock { $0.append("reloading") } },
                notify: { [self] state in states.withLock { $0.append(state) } })
            return Reloader(
                try parse(started), parts: parts, logger: Logger(sink: sink) { UnixTime(seconds: 0) })
        }
    }

    private static let shop = "projects: {shop: {github: {repo: 'acme/shop'}}}"

    @Test("hands the projects on, and names what needs a restart")
    func applies() async throws {
        let rig = Rig()
        rig.write("{\(Self.shop), refresh: {ttl: '30s'}, socket: {path: '/run/other.sock'}}")
        let report = try await rig.reloader().reload().get()
        #expect(
            report
                == ReloadReport(
                    projectsAdded: 1, projectsChanged: 2, projectsRemoved: 3,
                    needsRestart: ["socket.path", "refresh.ttl"]))
        #expect(rig.definitions.map { $0.map(\.id.rawValue) } == [["shop"]])
        #expect(rig.sink.records.map(\.level) == [.notice, .warning])
        #expect(
            rig.sink.records.first?.fields == [
                .number("projects", 1), .number("added", 1), .number("changed", 2), .number("removed", 3),
            ])
        #expect(rig.sink.records.last?.fields == [.text("settings", "socket.path refresh.ttl")])
    }

    @Test("has the commands of actions count at once, unless the file has a mistake")
    func commands() async throws {
        let rig = Rig()
        let reloader = try rig.reloader()
        let text = "projects: {shop: {actions: {github: {push: {command: ['/bin/true']}}}}}"
        rig.write("{\(text), colour: 1}")
        _ = await reloader.reload()
        #expect(rig.appliedTables.isEmpty)
        rig.write("{\(text)}")
        #expect(try await reloader.reload().get().needsRestart.isEmpty)
        #expect(rig.appliedTables == [try parse("{\(text)}").commands])
        #expect(rig.appliedTables.first?.isEmpty == false)
    }

    @Test("what waits for a restart is named by each reload until then, measured by what is in force")
    func untilRestart() async throws {
        let rig = Rig()
        let reloader = try rig.reloader("{refresh: {ttl: '20s'}}")
        for (text, settings) in [
            ("{refresh: {ttl: '30s'}}", ["refresh.ttl"]), ("{refresh: {ttl: '30s'}}", ["refresh.ttl"]),
            ("{refresh: {ttl: '20s'}}", []),
        ] {
            rig.write(text)
            #expect(try await reloader.reload().get().needsRestart == settings)
        }
    }

    @Test("a file with mistakes changes nothing, and each of them is told with file and line")
    func mistakes() async throws {
        let rig = Rig()
        rig.write("{\n refresh: {ttl: 15},\n colour: 1}")
        let error = await #expect(throws: ConfigurationError.self) { try await rig.reloader().reload().get() }
        #expect(error?.mistakes.map(\.line) == [2, 3])
        #expect(rig.definitions.isEmpty)
        #expect(rig.sink.records.map(\.level) == [.error, .error, .error])
        let first = try #require(rig.sink.records.first?.fields)
        #expect(first.prefix(3) == [.text("file", "t.json5"), .number("line", 2), .text("path", "refresh.ttl")])
    }

    @Test("the service manager hears when it begins and when it has ended, however it ended")
    func manager() async throws {
        let rig = Rig()
        let reloader = try rig.reloader()
        _ = await reloader.reload()
        #expect(rig.told == ["reloading", "STATUS=Serving 0 projects", "READY=1"])
        rig.write("{")
        _ = await reloader.reload()
        #expect(rig.told.suffix(2) == ["reloading", "READY=1"])
    }

    @Test("all who ask during a reload share one more, which sees the file as it is then")
    func oneMore() async throws {
        let rig = Rig(holds: true)
        let reloader = try rig.reloader()
        async let first = reloader.reload()
        await eventually { rig.heldCount == 1 }
        rig.write("{\(Self.shop)}")
        async let second = reloader.reload()
        async let third = reloader.reload()
        async let fourth = reloader.reload()
        await settled { rig.heldCount == 1 }
        #expect(rig.readCount == 1, "one at a time")
        rig.letGo()
        #expect(try await first.get().projectsAdded == 0)
        await eventually { rig.heldCount == 1 }
        rig.letGo()
        for outcome in [await second, await third, await fourth] {
            #expect(try outcome.get().projectsAdded == 1)
        }
        #expect(rig.readCount == 2)
        // And after all that it is ready for another.
        async let last = reloader.reload()
        await eventually { rig.heldCount == 1 }
        rig.letGo()
        _ = await last
        #expect(rig.readCount == 3)
    }
}

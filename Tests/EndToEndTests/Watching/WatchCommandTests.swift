import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("telltale watch", .timeLimit(.minutes(2)))
    struct WatchCommandTests {
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        private func ended(_ text: String) -> @Sendable (ProgramProcess.State) -> Bool {
            { $0.output.hasSuffix("\n") && $0.output.contains(text) }
        }

        @Test("says in words what a place of another journal lost, and an interrupt ends it")
        func since() async throws {
            let daemon = try await stage.startDaemon()
            _ = try await daemon.client().settled(.shop)
            let watch = try daemon.launch("watch", "shop", "--since", "1:7")
            try await watch.wait(for: "the state", until: ended("  shop  github  connected"))
            let output = watch.state.output
            #expect(
                output.contains("  Events were lost. The daemon has begun a new journal since. Changed may be shop/"))
            #expect(output.contains(" All states follow.\n"))
            watch.send(SIGINT)
            #expect(try await watch.finish().ending == .killed(signal: SIGINT))
        }

        @Test("ends with its reader, though nothing changes that it could write")
        func closedPipe() async throws {
            let daemon = try await stage.startDaemon()
            _ = try await daemon.client().settled(.shop)
            let script = #"{ "$0" --socket "$1" watch shop; echo "ended with $?" >&2; } | head -1"#
            let shell = try ProgramProcess(
                path: "/bin/sh", ["-c", script, Program.telltale.path, daemon.socketPath])
            let end = try await shell.finish()
            #expect(end.output.hasSuffix("  shop  snapshot  connected\n"))
            #expect(end.errors == "ended with 141\n")
        }

        @Test("waits for a daemon that is started anew, and goes on")
        func restart() async throws {
            let first = try await stage.startDaemon(refresh: Refresh.eagerly)
            _ = try await first.client().settled(.shop)
            let watch = try first.launch("watch", "shop")
            try await watch.wait(for: "the state", until: ended("  shop  github  connected"))
            #expect(try await first.stop() == .exited(0))
            try await watch.waitForError("telltale: The daemon shuts down or restarts. Trying again ")
            let second = try await stage.startDaemon(refresh: Refresh.eagerly)
            try await watch.waitForError("telltale: Watching again.\n")
            try await second.client().reportKept("afterwards")
            try await watch.wait(for: "the run", until: ended("  shop  run:finished  "))
        }
    }
}

import Glibc
import LinuxSystem
import TestSupport
import Testing

@Suite("A child process", .timeLimit(.minutes(2)))
struct ChildRunnerTests {
    @Test("gets its input, and what it writes comes back")
    func streams() async throws {
        let outcome = try await ChildScene().shell("cat; echo error >&2; exit 3", input: "hello")
        #expect(
            outcome
                == ChildOutcome(ending: .exited(code: 3), output: Array("hello".utf8), errors: Array("error\n".utf8)))
    }

    @Test("gets its arguments as they are, and no shell reads them")
    func arguments() async throws {
        let words = ["a b", "", "$HOME", "`id`", "*", "\"'", "ä\n"]
        let outcome = try await ChildScene().shell(#"for word; do printf '%s|' "$word"; done"#, words)
        #expect(outcome.text == words.map { $0 + "|" }.joined())
    }

    @Test("has the environment that it was given, to the letter, and nothing of ours")
    func environment() async throws {
        setenv("TELLTALE_CHILD_TEST", "ours", 1)
        let runner = ChildRunner()
        let variables = ["TOKEN": "a=b c", "EMPTY": ""]
        let outcome = try await runner.run(
            ChildCommand(path: "/usr/bin/env", environment: variables, timeLimit: ChildScene.minute))
        #expect(Set(outcome.text.split(separator: "\n")) == ["TOKEN=a=b c", "EMPTY="])
        #expect(try await runner.run(ChildCommand(path: "/usr/bin/env", timeLimit: ChildScene.minute)).text.isEmpty)
    }

    @Test("starts in / with a session of its own and three descriptors")
    func surroundings() async throws {
        let script = """
            pwd; for n in $(seq 0 300); do [ -e /proc/$$/fd/$n ] && printf '%s ' $n; done; echo
            cut -d' ' -f6 /proc/$$/stat; echo $$
            """
        let lines = try await ChildScene().shell(script).text.split(separator: "\n").map(String.init)
        try #require(lines.count == 4)
        #expect(lines[0] == "/")
        #expect(lines[1] == "0 1 2 ")
        #expect(lines[2] == lines[3])
    }

    @Test("starts with no signal blocked or ignored, whatever we do with ours")
    func signals() async throws {
        ProcessSignals.ignoreBrokenPipes()
        // No shell, which blocks signals for a moment whenever it waits.
        let outcome = try await ChildRunner().run(
            ChildCommand(
                path: "/bin/grep", arguments: ["-E", "^Sig(Blk|Ign)", "/proc/self/status"],
                timeLimit: ChildScene.minute))
        let masks = outcome.text.split(separator: "\n").map { line in
            line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? .max
        }
        #expect(masks.count == 2)
        // The C library has ignored two of its own (32 and 33) whoever starts a program by it.
        #expect(masks.allSatisfy { $0 & 0x7FFF_FFFF == 0 }, "\(outcome.text)")
    }

    @Test("takes an input that is longer than a pipe, while it writes as much", arguments: [1 << 20])
    func longInput(count: Int) async throws {
        var limits = ChildLimits()
        limits.outputBytesMax = count
        let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let outcome = try await ChildRunner(limits: limits).run(
            ChildCommand(path: "/bin/cat", input: input, timeLimit: ChildScene.minute))
        #expect(outcome == ChildOutcome(ending: .exited(code: 0), output: input))
    }

    @Test("need not read its input")
    func unreadInput() async throws {
        let input = String(repeating: "x", count: 1 << 20)
        #expect(try await ChildScene().shell("exec <&-; sleep 0.1; echo done", input: input).text == "done\n")
        #expect(try await ChildScene().shell("echo done", input: input).text == "done\n")
    }

    @Test("ends with a code or of a signal", arguments: [0, 1, 75, 126, 255])
    func codes(code: Int32) async throws {
        #expect(try await ChildScene().shell("exit \(code)").ending == .exited(code: code))
        #expect(try await ChildScene().shell("kill -9 $$").ending == .signalled(SIGKILL))
    }

    @Test("keeps the first of what it writes, and the last of its errors")
    func kept() async throws {
        let script = "head -c 100000 /dev/zero | tr '\\0' a; echo end; { head -c 20000 /dev/zero; echo end; } >&2"
        let outcome = try await ChildScene().shell(script)
        #expect(outcome.output == [UInt8](repeating: UInt8(ascii: "a"), count: 64 << 10))
        #expect(outcome.isOutputCut)
        #expect(outcome.errors.count == 8 << 10)
        #expect(outcome.errorText.hasSuffix("\u{0}end\n"))
        #expect(outcome.interruption == nil)
    }

    @Test(
        "that is not there, or may not be executed, was not run",
        arguments: [
            ("/nonexistent/program", ENOENT), ("/etc/passwd", EACCES), ("/", EACCES), ("/etc/passwd/x", ENOTDIR),
        ])
    func missing(path: String, errno: Int32) async throws {
        let command = ChildCommand(path: path, timeLimit: ChildScene.minute)
        let failure = await #expect(throws: ChildFailure.self) { try await ChildRunner().run(command) }
        #expect(failure == .notStarted(SystemError(function: "posix_spawn", errno: errno)))
    }

    @Test("waits for no other: one over the bound is refused at once")
    func busy() async throws {
        let scene = ChildScene(childrenMax: 2)
        let directory = TemporaryDirectory()
        try await withThrowingTaskGroup(of: ChildOutcome.self) { group in
            for name in ["a", "b"] {
                group.addTask { try await scene.shell("echo > \(directory[name]); exec sleep 60") }
            }
            await eventually { ["a", "b"].allSatisfy { FileStatus(directory[$0]) != nil } }
            let failure = await #expect(throws: ChildFailure.self) { try await scene.shell("true") }
            #expect(failure == .busy)
            group.cancelAll()
            for try await outcome in group { #expect(outcome.interruption == .cancelled) }
        }
        #expect(try await scene.shell("true").ending == .exited(code: 0))
    }
}

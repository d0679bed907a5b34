import Glibc
import LinuxSystem
import TestSupport
import Testing

// Serialized: each counts what the whole process has.
@Suite("What a child process leaves behind", .serialized, .timeLimit(.minutes(5)))
struct ChildLeakTests {
    /// Without those that the Swift runtime opens for itself at any time.
    private static func descriptorCount() -> Int {
        openDescriptorCount { ["anon_inode:[eventpoll]", "anon_inode:[eventfd]"].contains($0) }
    }

    @Test("a thousand runs leave no descriptor and no zombie")
    func thousandRuns() async throws {
        let scene = ChildScene()
        _ = try await scene.shell("true")
        let (before, all) = (Self.descriptorCount(), openDescriptorCount())
        var processes: Set<Int32> = []
        for _ in 0..<1_000 {
            let outcome = try await scene.shell("echo $$; exit 7", input: "x")
            #expect(outcome.ending == .exited(code: 7))
            processes.insert(try #require(Int32(outcome.text.dropLast())))
        }
        #expect(processes.count > 900, "each run is a process")
        #expect(Self.descriptorCount() == before)
        #expect(openDescriptorCount() - all < 100, "a leak would be one a run")
        #expect(ChildScene.hasNoChild())
    }

    @Test("a program that is not there leaves nothing either")
    func missing() async throws {
        let command = ChildCommand(path: "/nonexistent", timeLimit: ChildScene.minute)
        let runner = ChildRunner()
        _ = await #expect(throws: ChildFailure.self) { try await runner.run(command) }
        let before = Self.descriptorCount()
        for _ in 0..<100 { _ = await #expect(throws: ChildFailure.self) { try await runner.run(command) } }
        #expect(Self.descriptorCount() == before)
        #expect(ChildScene.hasNoChild())
    }

    #if DEBUG
        @Test("whichever system call fails, the run ends with a reason, and nothing is left", arguments: [EIO, EINTR])
        func everyFault(errno: Int32) async throws {
            let command = ChildCommand(
                path: "/bin/sh", arguments: ["-c", "cat; echo error >&2; sleep 0.05; exec <&-"],
                input: Array("hello".utf8), timeLimit: ChildScene.minute)
            ProcessSignals.ignoreBrokenPipes()
            let before = Self.descriptorCount()
            var callCount = 0
            while true {
                let number = callCount
                let (result, isReached) = await onItsOwnThread {
                    let attempt = FaultPlan.failing(call: number, errno: errno) {
                        Result { () throws(ChildFailure) in try ChildRun.run(command) }
                    }
                    return (attempt.output, attempt.reached)
                }
                #expect(Self.descriptorCount() == before, "call \(number)")
                #expect(ChildScene.hasNoChild(), "call \(number)")
                if errno == EINTR || !isReached {
                    let outcome = try result.get()
                    #expect(outcome.text == "hello" && outcome.errorText == "error\n", "call \(number)")
                } else {
                    let failure = #expect(throws: ChildFailure.self, "call \(number)") { try result.get() }
                    if number < 7 { #expect(failure?.isBeforeStart == true, "call \(number)") }
                }
                guard isReached else { break }
                callCount += 1
            }
            // Three pipes and their modes, the start, its descriptor, and some turns.
            #expect(callCount > 10)
        }
    #endif
}

extension ChildFailure {
    fileprivate var isBeforeStart: Bool { if case .notStarted = self { true } else { false } }
}

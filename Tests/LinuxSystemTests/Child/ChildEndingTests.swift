import Glibc
import LinuxSystem
import TestSupport
import Testing

@Suite("A child process that will not end by itself", .timeLimit(.minutes(2)))
struct ChildEndingTests {
    @Test("is told to end when its time is over, and may still say something")
    func timeLimit() async throws {
        let script = "trap 'echo bye; exit 4' TERM; echo hello; while :; do sleep 0.02; done"
        let outcome = try await ChildScene().shell(script, timeLimit: .milliseconds(300))
        #expect(outcome.interruption == .timeLimit)
        #expect(outcome.ending == .exited(code: 4))
        #expect(outcome.text == "hello\nbye\n")
    }

    @Test("is killed when it does not care")
    func killed() async throws {
        let started = LoopInstant.now()
        let outcome = try await ChildScene(grace: .milliseconds(200)).shell(
            "trap '' TERM; while :; do sleep 0.02; done", timeLimit: .milliseconds(200))
        #expect(outcome.interruption == .timeLimit)
        #expect(outcome.ending == .signalled(SIGKILL))
        #expect(LoopInstant.now().duration(since: started) >= .milliseconds(400))
    }

    @Test("is told to end when nobody wants it any more")
    func cancelled() async throws {
        let directory = TemporaryDirectory()
        let run = Task { try await ChildScene().shell("echo > \(directory["x"]); exec sleep 60") }
        await eventually { FileStatus(directory["x"]) != nil }
        run.cancel()
        let outcome = try await run.value
        #expect(outcome == ChildOutcome(ending: .signalled(SIGTERM), interruption: .cancelled))
    }

    @Test("is told to end at once where nobody has wanted it since before it began")
    func cancelledBefore() async throws {
        let run = Task {
            await eventually { Task.isCancelled }
            return try await ChildScene().shell("exec sleep 60")
        }
        run.cancel()
        #expect(try await run.value.interruption == .cancelled)
    }

    @Test("may not flood us", arguments: ["", ">&2"])
    func flood(redirection: String) async throws {
        let outcome = try await ChildScene(written: 1 << 20).shell("exec cat /dev/zero \(redirection)")
        #expect(outcome.interruption == .flood)
        #expect(outcome.ending == .signalled(SIGTERM))
        #expect(outcome.output.count <= 64 << 10)
        #expect(outcome.errors.count <= 8 << 10)
    }

    @Test("is not waited for by its pipes: who holds them after it is killed with its group")
    func grandchild() async throws {
        let started = LoopInstant.now()
        let outcome = try await ChildScene().shell("sleep 300 & echo $!")
        #expect(outcome.ending == .exited(code: 0))
        #expect(outcome.interruption == nil)
        #expect(LoopInstant.now().duration(since: started) < .seconds(60))
        let grandchild = try #require(Int32(outcome.text.dropLast()))
        await eventually { !ChildScene.isAlive(grandchild) }
    }

    @Test("takes all that it has started with it when its time is over")
    func group() async throws {
        let script = "(trap '' TERM; while :; do sleep 0.02; done) & echo $!; wait"
        let outcome = try await ChildScene(grace: .milliseconds(100)).shell(script, timeLimit: .milliseconds(300))
        #expect(outcome.interruption == .timeLimit)
        let grandchild = try #require(Int32(outcome.text.dropLast()))
        await eventually { !ChildScene.isAlive(grandchild) }
    }

    @Test("leaves behind who has made itself a session, and nobody waits for that one")
    func daemon() async throws {
        let outcome = try await ChildScene().shell("setsid sh -c 'echo $$; exec sleep 300' & sleep 0.5")
        #expect(outcome.ending == .exited(code: 0))
        let daemon = try #require(Int32(outcome.text.dropLast()))
        #expect(ChildScene.isAlive(daemon))
        kill(daemon, SIGKILL)
    }

    @Test("a daemon that writes for ever keeps nobody reading for ever")
    func writingDaemon() async throws {
        let outcome = try await ChildScene(written: 1 << 20).shell(
            "setsid sh -c 'echo $$ >&2; exec cat /dev/zero' & sleep 0.2")
        let daemon = try #require(Int32(outcome.errorText.dropLast()))
        // Its pipe has no reader any more.
        await eventually { !ChildScene.isAlive(daemon) }
    }
}

@Suite("When a child is told to end")
struct ChildTimetableTests {
    private func at(_ milliseconds: Int64) -> LoopInstant { LoopInstant(nanoseconds: milliseconds * 1_000_000) }

    private func table() -> ChildTimetable {
        ChildTimetable(from: at(0), timeLimit: .seconds(1), grace: .milliseconds(500))
    }

    @Test("at its time by SIGTERM, after the grace by SIGKILL, and then nothing more is done")
    func times() {
        var table = table()
        #expect(table.next == at(1_000))
        #expect(table.signal(at: at(999)) == nil)
        #expect(table.signal(at: at(1_000)) == SIGTERM)
        #expect(table.interruption == .timeLimit)
        #expect(table.next == at(1_500))
        #expect(table.signal(at: at(1_499)) == nil)
        #expect(table.signal(at: at(1_500)) == SIGKILL)
        #expect(table.next == nil)
        #expect(table.signal(at: at(9_999)) == nil)
    }

    @Test("at once for another reason, of which the first counts")
    func reasons() {
        var table = table()
        table.interrupt(.flood)
        table.interrupt(.cancelled)
        #expect(table.signal(at: at(10)) == SIGTERM)
        #expect(table.next == at(510))
        #expect(table.signal(at: at(1_000)) == SIGKILL)
        #expect(table.interruption == .flood)
    }
}

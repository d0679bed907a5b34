import Glibc
import LinuxSystem
import StatusModel
import TelltaleServer
import TestSupport
import Testing

@Suite("The log on a descriptor", .timeLimit(.minutes(1)))
struct StreamLogSinkTests {
    private func sink(_ pipe: LogPipe, queueBytesMax: Int = StreamLogSink.queueBytesMax) -> StreamLogSink {
        StreamLogSink(
            LogConfiguration(), descriptor: pipe.writeEnd, hasJournalPriority: false, queueBytesMax: queueBytesMax
        ) { UnixTime(seconds: 0) }
    }

    private func logger(_ sink: StreamLogSink) -> Logger { Logger(sink: sink) { UnixTime(seconds: 0) } }

    private let start = "time=1970-01-01T00:00:00.000Z level="

    @Test("lines are written whole and in order before a flush returns")
    func order() throws {
        let pipe = try LogPipe()
        let sink = sink(pipe)
        for number in 0..<20 { logger(sink).info("m", [.number("n", number)]) }
        #expect(sink.flush())
        let text = pipe.read { $0.contains("n=19\n") }
        #expect(text == (0..<20).map { "\(start)info msg=m n=\($0)\n" }.joined())
        #expect(sink.close())
    }

    @Test("a level below the threshold is not written, and both change while the daemon runs")
    func reconfiguration() throws {
        let pipe = try LogPipe()
        let sink = sink(pipe)
        logger(sink).debug("hidden")
        var configuration = LogConfiguration()
        configuration.level = .debug
        configuration.format = .json
        sink.apply(configuration)
        logger(sink).debug("seen")
        #expect(sink.close())
        #expect(
            pipe.read { $0.contains("seen") }
                == #"{"time":"1970-01-01T00:00:00.000Z","level":"debug","msg":"seen"}"# + "\n")
    }

    @Test("when nobody reads, callers go on, lines are dropped, and their number is told")
    func full() throws {
        let pipe = try LogPipe()
        let sink = sink(pipe, queueBytesMax: 1_000)
        pipe.fill()
        let lineCount = 500
        for _ in 0..<lineCount { logger(sink).info("m") }
        #expect(!sink.flush(within: .milliseconds(1)))
        let text = pipe.read { told($0) == lineCount }
        #expect(sink.close())
        #expect(told(text) == lineCount)
        #expect(text.contains("msg=\"log lines were dropped"))
    }

    @Test("who waits for his line is told when it is written, and not before, unless nobody reads it in time")
    func awaited() async throws {
        let (pipe, time) = (try LogPipe(), ManualTime())
        let sink = sink(pipe)
        #expect(await failure(of: "first", on: sink, by: time) == nil)
        #expect(pipe.read { $0.contains("\n") } == "\(start)notice msg=m line=first\n")
        pipe.fill()
        async let late = failure(of: "second", on: sink, by: time)
        await time.waitForSleepers(1)
        time.advance(by: .seconds(1))
        #expect(await late == .late)
        async let read = failure(of: "third", on: sink, by: time)
        await time.waitForSleepers(1)
        _ = pipe.read { $0.contains("third") }
        #expect(await read == nil)
        #expect(sink.close())
    }

    @Test("what nobody waits for keeps no awaited line out of the queue, and what does not fit is told at once")
    func reserve() async throws {
        let (pipe, time) = (try LogPipe(), ManualTime())
        let sink = sink(pipe, queueBytesMax: 1_000)
        pipe.fill()
        for _ in 0..<500 { logger(sink).info("m") }
        async let awaited = failure(of: "awaited", on: sink, by: time)
        await time.waitForSleepers(1)
        #expect(await failure(of: String(repeating: "x", count: 1_000), on: sink, by: time) == .dropped)
        #expect(pipe.read { $0.contains("awaited") }.contains("line=awaited"))
        #expect(await awaited == nil)
        #expect(sink.close())
    }

    @Test("where the host gives no thread lines are dropped, and who waits for his is told so at once")
    func threadless() throws {
        let pipe = try LogPipe()
        let writer = LogWriter(
            descriptor: pipe.writeEnd, queueBytesMax: 1_000, reservedBytes: 0, mayStart: false
        ) { _ in [] }
        writer.offer([10])
        #expect(writer.keep([[10]]) == nil)
        #expect(!writer.close(within: .seconds(60)))
    }

    @Test("who waits for a line that the descriptor refuses is told why")
    func refused() async throws {
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let sink = StreamLogSink(LogConfiguration(), descriptor: ends[1], hasJournalPriority: false) {
            UnixTime(seconds: 0)
        }
        let failure = await failure(of: "m", on: sink, by: ManualTime())
        #expect(failure == .refused(SystemError(function: "write", errno: EPIPE)))
        #expect(sink.close())
    }

    private func failure(of line: String, on sink: StreamLogSink, by time: ManualTime) async -> LogFailure? {
        do throws(LogFailure) {
            try await logger(sink).audit("m", each: [[.text("line", line)]], within: .seconds(1), by: time)
            return nil
        } catch {
            return error
        }
    }

    /// How many records a text accounts for: those in it, and those it says were dropped.
    private func told(_ text: String) -> Int {
        let lines = text.split(separator: "\n")
        return lines.reduce(0) { sum, line in
            guard line.contains(" count=") else { return sum + 1 }
            return sum + (line.split(separator: "=").last.flatMap { Int($0) } ?? 0)
        }
    }

    @Test("a reader that went away costs the lines and not the daemon")
    func brokenPipe() throws {
        // The writer blocks all signals, so its SIGPIPE ends nothing.
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let sink = StreamLogSink(LogConfiguration(), descriptor: ends[1], hasJournalPriority: false) {
            UnixTime(seconds: 0)
        }
        logger(sink).info("m")
        #expect(sink.flush())
        logger(sink).info("m")
        #expect(sink.close())
    }

    @Test("many threads log at once and each line stays whole")
    func concurrent() async throws {
        let pipe = try LogPipe()
        let sink = sink(pipe)
        await withTaskGroup { group in
            for writer in 0..<8 {
                group.addTask { for _ in 0..<5 { logger(sink).info("m", [.number("writer", writer)]) } }
            }
        }
        let text = pipe.read { $0.utf8.count { $0 == UInt8(ascii: "\n") } == 40 }
        #expect(sink.close())
        let lines = Set(text.split(separator: "\n").map(String.init))
        #expect(lines == Set((0..<8).map { "\(start)info msg=m writer=\($0)" }))
    }

    @Test("stderr is journald's only when its device and inode match")
    func journal() {
        #expect(StreamLogSink.isJournal("8:12345", device: 8, inode: 12_345))
        for variable in ["8:1", "9:12345", "", ":", "8:12345:", "8", "x:y", "-8:12345"] {
            #expect(!StreamLogSink.isJournal(variable, device: 8, inode: 12_345), "\(variable)")
        }
    }
}

import LinuxSystem
import StatusModel
import TTRPCTransport
import TelltaleServer
import Testing

@Suite("The log of connections")
struct ConnectionLogTests {
    @Test("a peer whose streams were cut off is a warning with its uid, how many they were, and whether it was told")
    func cutOff() {
        let sink = RecordingLogSink()
        let log: any ServerObserver = ConnectionLog(logger: Logger(sink: sink, clock: { UnixTime(seconds: 0) }))
        log.streamsCutOff(PeerCredentials(pid: 42, uid: 1001, gid: 1001), count: 3, told: true)
        #expect(sink.records.map(\.level) == [.warning])
        #expect(
            sink.records.first?.fields == [
                .number("uid", 1001), .number("pid", 42), .number("streams", 3), .flag("told", true),
            ])
    }
}

import LinuxSystem
import StatusModel
import TTRPCCore
import TTRPCTransport
import TelltaleServer
import Testing

@Suite("The log of connections")
struct ConnectionLogTests {
    @Test("a peer whose streams were cut off is a warning with its uid, how many they were, and whether it was told")
    func cutOff() {
        let sink = RecordingLogSink()
        let log: any ServerObserver = ConnectionLog(
            logger: Logger(sink: sink, clock: { UnixTime(seconds: 0) }), refusals: RefusalCounts())
        log.streamsCutOff(PeerCredentials(pid: 42, uid: 1001, gid: 1001), count: 3, told: true)
        #expect(sink.records.map(\.level) == [.warning])
        #expect(
            sink.records.first?.fields == [
                .number("uid", 1001), .number("pid", 42), .number("streams", 3), .flag("told", true),
            ])
    }

    @Test("a peer that was refused is a warning, and counted under its reason, of which each is named")
    func refused() {
        let (sink, counts) = (RecordingLogSink(), RefusalCounts())
        let log = ConnectionLog(
            logger: Logger(sink: sink, clock: { UnixTime(seconds: 0) }), refusals: counts)
        for reason: ConnectionRefusal in [.notAllowed, .tooManyOfUser, .notAllowed] {
            log.connectionRefused(
                PeerCredentials(pid: 42, uid: 1001, gid: 1001), reason, status: RPCStatus(.permissionDenied, "No."))
        }
        #expect(sink.records.map(\.level) == [.warning, .warning, .warning])
        #expect(sink.records.first?.fields.contains(.text("reason", "No.")) == true)
        #expect(
            counts.all == [
                RefusedConnections(reason: "not_allowed", count: 2), RefusedConnections(reason: "too_many", count: 0),
                RefusedConnections(reason: "too_many_of_user", count: 1),
            ])
    }
}

import StatusCore
import TelltaleServer
import TestSupport
import Testing

@Suite("Which refusals have a line of their own")
struct AuditPaceTests {
    private let start = ManualTime().now.instant
    private let denied = AuditPace.Kind(userID: 1, decision: "denied")

    @Test("the first of each second, decision and peer have one; the others are counted, and told once")
    func crowd() {
        var pace = AuditPace()
        let late = start.advanced(by: .milliseconds(999))
        var admitted = (0..<AuditPace.linesMax).map { _ in pace.admits(denied, at: start) }
        #expect(!admitted.contains(false))
        admitted = (0..<7).map { _ in pace.admits(denied, at: late) }
        #expect(!admitted.contains(true))
        let others = [
            AuditPace.Kind(userID: 2, decision: "denied"), AuditPace.Kind(userID: 1, decision: "malformed"),
        ]
        admitted = others.map { pace.admits($0, at: late) }
        #expect(!admitted.contains(false))
        #expect(pace.takeUntold() == [denied: 7])
        #expect(pace.takeUntold() == [:])
    }

    @Test("the next second begins anew, and forgets nothing that was not told")
    func nextSecond() {
        var pace = AuditPace()
        for _ in 0...AuditPace.linesMax { _ = pace.admits(denied, at: start) }
        let isAdmitted = pace.admits(denied, at: start.advanced(by: AuditPace.window))
        #expect(isAdmitted)
        #expect(pace.takeUntold() == [denied: 1])
    }

    @Test("beyond the bound peers are counted together, whatever comes")
    func bound() {
        var pace = AuditPace()
        let (peerCount, eachCount) = (AuditPace.kindsMax + 10, AuditPace.linesMax + 1)
        var admitted = 0
        for peer in 0..<peerCount {
            for _ in 0..<eachCount {
                let kind = AuditPace.Kind(userID: UInt32(peer), decision: "denied")
                if pace.admits(kind, at: start) { admitted += 1 }
            }
        }
        #expect(admitted == (AuditPace.kindsMax + 1) * AuditPace.linesMax)
        let untold = pace.takeUntold()
        #expect(untold.count == AuditPace.kindsMax + 1)
        #expect(untold.values.reduce(0, +) == peerCount * eachCount - admitted)
    }
}

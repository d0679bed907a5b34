import StatusModel
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("The lines of a watch")
struct WatchLinesTests {
    private let instant = ContinuousClock.now
    private let time = "2026-01-01T00:00:00.000Z"
    private let away = TelltaleError(.unavailable, "The daemon shuts down or restarts.")

    private func event(
        _ kind: String, _ items: [IntegrationStatus] = [], collapsed: UInt64 = 0
    ) throws -> StatusUpdate {
        .event(
            StatusEvent(
                id: EventID(epoch: 1, sequence: 2), at: Sample.now, projectID: try Sample.project(), kind: kind,
                items: items, overall: .error, hash: "h2", revision: 9, collapsed: collapsed))
    }

    private func lines(_ update: StatusUpdate) -> [String] { WatchLines().lines(for: update, at: Sample.now) }

    @Test("every change is one")
    func changes() throws {
        #expect(
            lines(.snapshot(try Sample.envelope(), asOf: nil)) == [
                "\(time)  shop  snapshot  connected",
                "\(time)  shop  github  connected  Linked to main · Last push 2m ago",
            ])
        #expect(
            lines(try event("status:update", [Sample.brokenVercel()])) == [
                "\(time)  shop  vercel  error  3 deployments this week  Vercel cannot be reached (network)"
            ])
        #expect(lines(try event("deploy:finished")) == ["\(time)  shop  deploy:finished"])
        #expect(lines(.connection(.connected)) == [])
        #expect(lines(.heartbeat(EventID(epoch: 1, sequence: 2), at: Sample.now)) == [])
    }

    @Test("what was lost is told in words: the range, the reason, and what may have changed")
    func reset() throws {
        var reset = WatchReset(reason: .truncated, lostFrom: 3, lostTo: 9, resumeFrom: EventID(epoch: 1, sequence: 9))
        #expect(
            lines(.reset(reset)) == [
                "\(time)  Events 3 to 9 were lost. The daemon can tell them no more. All states follow."
            ])
        let shop = try Sample.project()
        (reset.lostFrom, reset.hasMoreItems) = (9, true)
        reset.lostItems = [
            ItemName(projectID: shop, key: .provider(.github)), ItemName(projectID: shop, key: .service("w")),
        ]
        #expect(
            lines(.reset(reset)) == [
                "\(time)  Event 9 was lost. The daemon can tell it no more. Changed may be shop/github, "
                    + "shop/service:w and others. All states follow."
            ])
        for (reason, words) in [
            (WatchReset.Reason.epoch, "The daemon has begun a new journal since."),
            (.future, "The daemon knows of none so new: its journal was put back."),
        ] {
            reset = WatchReset(reason: reason, lostFrom: 0, lostTo: 0, resumeFrom: EventID(epoch: 2, sequence: 9))
            #expect(lines(.reset(reset)) == ["\(time)  Events were lost. \(words) All states follow."])
        }
    }

    @Test("so are updates that were left out because newer ones say the same", arguments: [1, 12] as [UInt64])
    func collapsed(_ count: UInt64) throws {
        let told = lines(try event("status:update", [Sample.github()], collapsed: count))
        let words =
            count == 1
            ? "1 update was left out, for this reader was slow and a newer one says the same."
            : "12 updates were left out, for this reader was slow and newer ones say all that they said."
        #expect(told.first == "\(time)  \(words)")
        #expect(told.count == 2)
    }

    @Test("a connection that is lost and found again is told beside them, once each")
    func connection() {
        var lines = WatchLines()
        #expect(lines.notice(of: .connection(.connected), at: instant) == nil, "nothing was lost before it")
        let reconnecting = StatusUpdate.connection(
            .reconnecting(attempt: 1, until: instant + .seconds(4), after: away))
        #expect(
            lines.notice(of: reconnecting, at: instant)
                == "The daemon shuts down or restarts. Trying again in 4s")
        #expect(lines.notice(of: .connection(.connected), at: instant) == "Watching again.")
        #expect(lines.notice(of: .connection(.connected), at: instant) == nil)
    }
}

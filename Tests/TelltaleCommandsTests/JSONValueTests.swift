import FoundationEssentials
import StatusModel
import TelltaleClient
import TelltaleCommands
import Testing

@Suite("JSON for programs")
struct JSONValueTests {
    @Test("an item's names are those of the protocol, sorted, and what is absent is null")
    func item() {
        #expect(
            JSONValue.item(Sample.brokenVercel()).line == """
                {"actions":[],"configured":true,"configured_reason":null,"environments":[],"freshness":"ageing",\
                "key":"vercel","label":"","last_run_at":null,"latency":null,"problem":{"attempts":3,"cause":"host",\
                "code":"network","first_seen_at":"2025-12-31T23:56:00.000Z","hint":"Check network and name resolution.",\
                "next_attempt_at":"2026-01-01T00:00:12.000Z","retry_after":null},"samples":0,"stale":true,\
                "status":"error","summary":"3 deployments this week","updated_at":"2025-12-31T23:55:50.000Z",\
                "visible":true}
                """)
    }

    @Test("an answer holds the envelope and how it came about")
    func answer() throws {
        var envelope = StatusEnvelope(projectID: try Sample.project())
        envelope.items = []
        let answer = StatusAnswer(
            envelope: envelope, hash: "h", source: .hit, age: .milliseconds(1500), freshness: .fresh)
        #expect(
            JSONValue.answer(answer).line == """
                {"answer":{"age":"1.5s","error":null,"freshness":"fresh","next_attempt_at":null,"refreshing":false,\
                "resumed":false,"source":"hit"},"envelope":\
                {"cached_at":null,"hash":"","is_stale":false,"items":[],"last_refresh_attempt":null,\
                "last_refresh_error":null,"last_runs":[],"next_actions":[],"overall":"disconnected",\
                "project_id":"shop","render_hash":"","revision":0,"services":[]},"hash":"h"}
                """)
    }

    @Test("an explanation has its facts beside its sentences")
    func explanation() {
        let explanation = ItemExplanation(
            status: IntegrationStatus(key: .provider(.sanity)), age: .seconds(3),
            lastError: RefreshError(code: .tls, message: "No.", at: Sample.now), breaker: .halfOpen,
            breakerOpenUntil: nil, nextAttemptAt: Sample.now, throttledUntil: Sample.now, demand: .recentlyRead,
            traceID: "4bf9", reasons: ["So it is."], projectKeys: [.provider(.sanity)])
        let line = JSONValue.explanation(explanation).line
        #expect(
            line.hasPrefix(
                """
                {"age":"3s","breaker":"half_open","breaker_open_until":null,"demand":"recently_read",\
                "keys":["sanity"],"last_error":{"at":"2026-01-01T00:00:00.000Z","code":"tls","message":"No."},\
                "next_attempt_at":"2026-01-01T00:00:00.000Z","reasons":["So it is."],"status":{"actions":[],
                """))
        #expect(line.hasSuffix(#""throttled_until":"2026-01-01T00:00:00.000Z","trace_id":"4bf9"}"#))
    }

    @Test("an update is one line whose one name says what it is")
    func updates() throws {
        let id = EventID(epoch: .max, sequence: 3)
        let event = StatusEvent(id: id, at: Sample.now, projectID: try Sample.project(), kind: "deploy:finished")
        let reset = WatchReset(reason: .epoch, lostFrom: 0, lostTo: 0, resumeFrom: id)
        let away = TelltaleError(.unavailable, "gone\nfor good")
        let lines: [(StatusUpdate, String)] = [
            (
                .heartbeat(id, at: Sample.now),
                #"{"heartbeat":{"at":"2026-01-01T00:00:00.000Z","id":"18446744073709551615:3"}}"#
            ),
            (
                .reset(reset),
                """
                {"reset":{"lost_count":0,"lost_from":0,"lost_items":[],"lost_to":0,"more_items":false,"reason":"epoch",\
                "resume_from":"18446744073709551615:3"}}
                """
            ),
            (.connection(.connected), #"{"connection":{"state":"connected"}}"#),
            (
                .connection(.polling(because: away)),
                #"{"connection":{"error":{"code":"UNAVAILABLE","message":"gone\nfor good","reason":""},"state":"polling"}}"#
            ),
        ]
        for (update, line) in lines { #expect(JSONValue.update(update).line == line) }
        let line = JSONValue.update(.event(event)).line
        #expect(line.hasPrefix(#"{"event":{"at":"#))
        #expect(!line.contains("\n"))
    }

    @Test(
        "times are RFC 3339 to the millisecond",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (1_767_225_600_123_999_999, "2026-01-01T00:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (.max, "2262-04-11T23:47:16.854Z"), (.min, "1677-09-21T00:12:43.145Z"),
        ])
    func times(_ nanoseconds: Int64, _ text: String) {
        #expect(TimeText.rfc3339(UnixTime(nanoseconds: nanoseconds)) == text)
    }

    @Test(
        "lengths of time are seconds with as many decimals as are needed",
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(12), "0.012s"), (.seconds(90), "90s"),
            (.nanoseconds(1), "0.000000001s"),
            (.milliseconds(-1500), "-1.5s"), (.seconds(1 << 62), "9223372036.854775807s"),
        ])
    func durations(_ duration: Duration, _ text: String) {
        #expect(TimeText.seconds(duration) == text)
    }

    @Test("the id of an event is read back", arguments: ["7:4711", "0:0", "18446744073709551615:18446744073709551615"])
    func ids(_ text: String) {
        #expect(EventID(text: text)?.text == text)
    }

    @Test(
        "what is no id is refused", arguments: ["", "7", "7:", ":7", "7:8:9", "-1:2", "18446744073709551616:0", "a:b"])
    func noIDs(_ text: String) {
        #expect(EventID(text: text) == nil)
    }

    @Test("hostile text stays one line of valid JSON")
    func hostile() throws {
        let text = "\u{1B}[2J\"\\\u{0}\u{2028}/é"
        let line = JSONValue.object(["k": .text(text)]).line
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
        let decoded = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(decoded == ["k": text])
    }
}

import StatusModel
import StatusProviders
import Testing

@Suite("Instants as providers spell them")
struct ISO8601InstantTests {
    @Test(
        "an instant is read with and without decimals, in any offset",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2017-11-03T20:11:46Z", 1_509_739_906_000_000_000),
            ("2020-07-25T22:58:25.000-07:00", 1_595_743_105_000_000_000),
            ("2025-08-07T09:15:36.628Z", 1_754_558_136_628_000_000),
            ("2024-02-29t00:00:00z", 1_709_164_800_000_000_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000), ("1969-12-31T23:59:59.999999999Z", -1),
            ("2026-01-15T12:00:00.1234567899Z", 1_768_478_400_123_456_789),
            ("2026-01-15T12:00:00+00:00", 1_768_478_400_000_000_000),
            ("2026-01-15T17:30:00+05:30", 1_768_478_400_000_000_000),
            ("9999-12-31T23:59:59Z", Int64.max), ("0000-01-01T00:00:00Z", Int64.min),
        ])
    func valid(text: String, nanoseconds: Int64) {
        #expect(ISO8601Instant.parse(text) == UnixTime(nanoseconds: nanoseconds))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "2017", "2017-11-03", "2017-11-03T20:11:46", "2017-11-03 20:11:46Z", "2017-11-03T20:11Z",
            "2017-13-03T20:11:46Z", "2017-00-03T20:11:46Z", "2017-02-29T20:11:46Z", "1900-02-29T00:00:00Z",
            "2017-11-31T20:11:46Z", "2017-11-03T24:00:00Z", "2017-11-03T20:60:46Z", "2017-11-03T20:11:61Z",
            "2017-11-03T20:11:46.Z", "2017-11-03T20:11:46,5Z", "2017-11-03T20:11:46Zx", " 2017-11-03T20:11:46Z",
            "2017-11-03T20:11:46+24:00", "2017-11-03T20:11:46+0700", "2017-11-03T20:11:46+07", "+017-11-03T20:11:46Z",
            "１２３４-11-03T20:11:46Z", "1509739906",
            "2017-11-03T20:11:46.\(String(repeating: "0", count: 80))Z",
        ])
    func invalid(text: String) { #expect(ISO8601Instant.parse(text) == nil) }

    @Test("an instant cut off anywhere is refused")
    func truncated() {
        let text = "2020-07-25T22:58:25.123-07:00"
        for length in 0..<text.count { #expect(ISO8601Instant.parse(text.prefix(length)) == nil) }
    }

    @Test(
        "the spaced form is read with a zone's name or an offset",
        arguments: [
            ("2025-03-09 23:53:12 UTC", Int64(1_741_564_392)), ("2025-03-09 16:53:12 -0700", 1_741_564_392),
            ("2025-03-09 23:53:12 PST", nil), ("2025-03-09 23:53:12", nil), ("2025-03-09T23:53:12 UTC", nil),
            ("2025-03-09 23:53:12 UTC+1", nil), ("2025-03-09 23:53:12 +99", nil), ("", nil),
        ])
    func spaced(text: String, seconds: Int64?) {
        #expect(ISO8601Instant.parseSpaced(text) == seconds.map(UnixTime.init(seconds:)))
    }

    @Test("the date of an instant is the one that reads back to its midnight, over all the calendar's turns")
    func calendar() {
        for day in stride(from: Int64(-106_000), through: 106_000, by: 13) {
            let midnight = UnixTime(seconds: day * 86_400)
            let date = CivilTime.date(of: midnight.advanced(by: .seconds(86_399)))
            #expect(ISO8601Instant.parse("\(date)T00:00:00Z") == midnight)
        }
        #expect(CivilTime.date(of: UnixTime(nanoseconds: .max)) == "2262-04-11")
        #expect(CivilTime.date(of: UnixTime(nanoseconds: .min)) == "1677-09-21")
    }
}

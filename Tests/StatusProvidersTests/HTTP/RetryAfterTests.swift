import HTTPClient
import StatusModel
import StatusProviders
import Testing

@Suite("When to ask again")
struct RetryAfterTests {
    private static let now = UnixTime(seconds: 1_768_478_400)

    @Test(
        "seconds and dates are read, and nothing is before now",
        arguments: [
            ("120", UnixTime(seconds: 1_768_478_520)), (" 0 ", now), ("007", now.advanced(by: .seconds(7))),
            ("99999999999999999999999999", now.advanced(by: RetryAfter.waitMax)),
            ("9223372036854775807", now.advanced(by: RetryAfter.waitMax)),
            ("Thu, 15 Jan 2099 12:02:00 GMT", now.advanced(by: RetryAfter.waitMax)),
            ("Thu, 15 Jan 2026 12:02:00 GMT", UnixTime(seconds: 1_768_478_520)),
            ("Thu, 15 Jan 2015 12:02:00 GMT", now), ("", nil), ("soon", nil), ("-5", nil), ("1.5", nil),
            ("120 s", nil), ("Thu, 15 Jan 2026 12:02:00", nil),
        ])
    func value(text: String, expected: UnixTime?) {
        #expect(RetryAfter.instant(in: ["Retry-After": text], now: Self.now) == expected)
    }

    @Test("without the field there is no wait")
    func missing() { #expect(RetryAfter.instant(in: [:], now: Self.now) == nil) }

    @Test(
        "all three forms of an HTTP date are one instant",
        arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func dates(text: String) {
        #expect(HTTPDate.parse(text) == UnixTime(seconds: 784_111_777))
        for length in 0..<text.count { #expect(HTTPDate.parse(text.prefix(length)) == nil) }
    }

    @Test(
        "a date that is none is refused",
        arguments: [
            "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 25:49:37 GMT", ", 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sun, 06-Nov 1994 08:49:37 GMT",
        ])
    func badDates(text: String) { #expect(HTTPDate.parse(text) == nil) }
}

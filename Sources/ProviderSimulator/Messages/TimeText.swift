import FoundationEssentials
import Glibc
import StatusModel

/// The three spellings of an instant in a provider's answer, all of them in UTC.
enum TimeText {
    /// `2026-01-31T12:00:00Z`, as in a body.
    static func iso8601(_ time: UnixTime) -> String { formatted(time, "%Y-%m-%dT%H:%M:%SZ") }

    /// `Sat, 31 Jan 2026 12:00:00 GMT`, as in `date` and `last-modified` (RFC 9110 §5.6.7).
    static func http(_ time: UnixTime) -> String { formatted(time, "%a, %d %b %Y %H:%M:%S GMT") }

    /// `2026-01-31 12:00:00 UTC`, as in `github-authentication-token-expiration`.
    static func expiration(_ time: UnixTime) -> String { formatted(time, "%Y-%m-%d %H:%M:%S UTC") }

    /// Reads `2026-01-31T12:00:00Z`; nil for anything else, and for years that ``UnixTime`` cannot hold.
    static func parsed(_ text: String) -> UnixTime? {
        guard let date = try? Date(text, strategy: .iso8601),
            let seconds = Int64(exactly: date.timeIntervalSince1970.rounded()), abs(seconds) < 9_000_000_000
        else { return nil }
        return UnixTime(seconds: seconds)
    }

    private static func formatted(_ time: UnixTime, _ format: String) -> String {
        var seconds = time_t(time.seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            let length = strftime(start, buffer.count, format, &parts)
            return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
        }
    }
}

package import HTTPClient
package import StatusModel

/// When a provider wants to be asked again, by the header field `Retry-After` (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// The instant the field names: so many seconds from now, or an HTTP date.
    ///
    /// Never before `now`, and clamped to what ``UnixTime`` can hold. How long one really waits is bounded by the
    /// refresh schedule, not here. Nil when the field is missing or says neither.
    package static func instant(in headers: HTTPHeaders, now: UnixTime) -> UnixTime? {
        guard let value = headers["retry-after"]?.trimmedOfBlanks, !value.isEmpty else { return nil }
        guard value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return HTTPDate.parse(value).map { max(now, $0) }
        }
        return now.advanced(by: .seconds(Int64(value) ?? .max))
    }
}

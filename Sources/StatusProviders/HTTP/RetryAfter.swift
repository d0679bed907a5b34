package import HTTPClient
package import StatusModel

/// When a provider wants to be asked again, by the header field `Retry-After` (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// The longest wait that a provider is believed.
    package static let waitMax = Duration.seconds(24 * 3600)

    /// The instant the field names: so many seconds from now, or an HTTP date.
    ///
    /// Never before `now`, and never more than ``waitMax`` from it: what is farther away is a mistake, and is not shown as
    /// a promise either. Nil when the field is missing or says neither.
    package static func instant(in headers: HTTPHeaders, now: UnixTime) -> UnixTime? {
        guard let value = headers["retry-after"]?.trimmedOfBlanks, !value.isEmpty else { return nil }
        guard value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return HTTPDate.parse(value).map { min(max(now, $0), now.advanced(by: waitMax)) }
        }
        return now.advanced(by: min(.seconds(Int64(value) ?? .max), waitMax))
    }
}

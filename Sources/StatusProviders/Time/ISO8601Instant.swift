package import StatusModel

/// Instants as providers' JSON spells them: the profile of ISO 8601 that is RFC 3339, with or without decimals.
package enum ISO8601Instant {
    /// The longest text looked at, in bytes.
    package static let lengthBytesMax = 64

    /// `2017-11-03T20:11:46Z`, `2020-07-25T22:58:25.000-07:00`; nil for anything else.
    ///
    /// Decimals finer than a nanosecond are dropped; instants beyond ``UnixTime`` are clamped.
    package static func parse(_ text: some StringProtocol) -> UnixTime? {
        guard text.utf8.count <= lengthBytesMax else { return nil }
        var scanner = ASCIIScanner(text)
        guard var time = scanner.date(), scanner.take("T", ignoringCase: true), scanner.timeOfDay(into: &time) else {
            return nil
        }
        if scanner.take(".") {
            guard let nanosecond = scanner.fraction() else { return nil }
            time.nanosecond = nanosecond
        }
        guard scanner.take("Z", ignoringCase: true) || scanner.offset(into: &time, separator: ":") else { return nil }
        return scanner.isAtEnd ? time.unixTime : nil
    }

    /// `2017-11-03T20:11:46Z`: in UTC, cut to the second.
    package static func render(_ instant: UnixTime) -> String {
        let second = Int((instant.seconds % 86_400 + 86_400) % 86_400)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(CivilTime.date(of: instant))T\(clock.joined(separator: ":"))Z"
    }

    /// The looser form of GitHub's token expiry: `2025-03-09 23:53:12 UTC`, `2025-03-09 23:53:12 -0700`.
    package static func parseSpaced(_ text: some StringProtocol) -> UnixTime? {
        guard text.utf8.count <= lengthBytesMax else { return nil }
        var scanner = ASCIIScanner(text)
        guard var time = scanner.date(), scanner.take(" "), scanner.timeOfDay(into: &time), scanner.take(" ") else {
            return nil
        }
        let zone = scanner.letters()
        guard zone == "UTC" || zone == "GMT" || (zone.isEmpty && scanner.offset(into: &time, separator: nil)) else {
            return nil
        }
        return scanner.isAtEnd ? time.unixTime : nil
    }
}

extension ASCIIScanner {
    /// `hh:mm:ss`.
    mutating func timeOfDay(into time: inout CivilTime) -> Bool {
        guard let hour = number(digits: 2), take(":"), let minute = number(digits: 2), take(":"),
            let second = number(digits: 2)
        else { return false }
        (time.hour, time.minute, time.second) = (hour, minute, second)
        return true
    }

    /// `yyyy-mm-dd`.
    fileprivate mutating func date() -> CivilTime? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
            let day = number(digits: 2)
        else { return nil }
        return CivilTime(year: year, month: month, day: day)
    }

    /// `+hh:mm`, or without the colon.
    fileprivate mutating func offset(into time: inout CivilTime, separator: Unicode.Scalar?) -> Bool {
        let isWest = next == UInt8(ascii: "-")
        guard take("+") || take("-"), let hours = number(digits: 2), separator.map({ take($0) }) ?? true,
            let minutes = number(digits: 2), hours <= 23, minutes <= 59
        else { return false }
        time.offsetSeconds = (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
        return true
    }
}

package import StatusModel

/// Dates of HTTP header fields. A recipient takes all three forms (RFC 9110 §5.6.7); weekday names are not checked.
package enum HTTPDate {
    /// The longest text looked at, in bytes.
    package static let lengthBytesMax = 64

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    package static func parse(_ text: some StringProtocol) -> UnixTime? {
        guard text.utf8.count <= lengthBytesMax else { return nil }
        var scanner = ASCIIScanner(text)
        guard scanner.letters().utf8.count >= 3 else { return nil }
        let time = scanner.take(",") ? scanner.commaDate() : scanner.asctimeDate()
        return scanner.isAtEnd ? time?.unixTime : nil
    }

    fileprivate static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension ASCIIScanner {
    /// ` 06 Nov 1994 08:49:37 GMT` or ` 06-Nov-94 08:49:37 GMT`.
    fileprivate mutating func commaDate() -> CivilTime? {
        guard take(" "), let day = number(digits: 2) else { return nil }
        let isObsolete = take("-")
        guard isObsolete || take(" "), let month = month(), take(isObsolete ? "-" : " "),
            let year = number(digits: isObsolete ? 2 : 4), take(" ")
        else { return nil }
        // Two digits reach from 1970 to 2069, which no retry and no expiry leaves.
        let century = isObsolete ? (year < 70 ? 2000 : 1900) : 0
        var time = CivilTime(year: century + year, month: month, day: day)
        guard timeOfDay(into: &time), take(" "), letters() == "GMT" else { return nil }
        return time
    }

    /// ` Nov  6 08:49:37 1994`.
    fileprivate mutating func asctimeDate() -> CivilTime? {
        guard take(" "), let month = month(), take(" "), let day = take(" ") ? number(digits: 1) : number(digits: 2),
            take(" ")
        else { return nil }
        var time = CivilTime(year: 0, month: month, day: day)
        guard timeOfDay(into: &time), take(" "), let year = number(digits: 4) else { return nil }
        time.year = year
        return time
    }

    private mutating func month() -> Int? {
        let name = letters()
        return HTTPDate.months.firstIndex(of: name).map { $0 + 1 }
    }
}

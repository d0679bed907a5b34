package import StatusModel

/// A date and time of day in the proleptic Gregorian calendar, with its offset from UTC: what providers' time formats
/// have in common once they are parsed.
package struct CivilTime: Hashable, Sendable {
    /// 0–9999.
    package var year: Int
    /// 1–12.
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    /// 60 is a leap second, and counts as the first second of the next minute (RFC 3339 §5.7).
    package var second: Int
    package var nanosecond = 0
    /// Seconds east of UTC.
    package var offsetSeconds = 0

    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The instant, clamped to what ``UnixTime`` can hold; nil when there is no such date or time.
    package var unixTime: UnixTime? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            (0...999_999_999).contains(nanosecond), (-86_400...86_400).contains(offsetSeconds)
        else { return nil }
        let seconds = daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second - offsetSeconds
        return UnixTime(seconds: Int64(seconds)).advanced(by: .nanoseconds(nanosecond))
    }

    /// The date of an instant in UTC, as `2026-03-09`.
    package static func date(of instant: UnixTime) -> String {
        let seconds = instant.seconds
        let day = (seconds - (seconds < 0 ? 86_399 : 0)) / 86_400
        // Years begin in March here, so that the leap day is a year's last and needs no case of its own.
        let shifted = Int(day) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(twoDigits(month))-\(twoDigits(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))"
    }

    private var daysSinceEpoch: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

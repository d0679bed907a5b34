/// Lengths of time in words of one unit, rounded down.
package enum AgeText {
    private static let units: [(symbol: String, seconds: Int64)] = [
        ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
    ]

    /// `12s`, `4m`, `3h`, `9d`; under a second `0s`, and so for a negative one.
    package static func words(for duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let unit = units.last { $0.seconds <= seconds } ?? units[0]
        return "\(seconds / unit.seconds)\(unit.symbol)"
    }

    /// `12s ago`; `just now` within a second, and for what a clock ahead of ours calls the future.
    package static func since(_ instant: UnixTime, at now: UnixTime) -> String {
        let age = now.since(instant)
        return age < .seconds(1) ? "just now" : "\(words(for: age)) ago"
    }

    /// `in 12s`, rounded up so that nothing is promised too early; `now` when it is due.
    package static func until(_ instant: UnixTime, at now: UnixTime) -> String { after(instant.since(now)) }

    /// As ``until(_:at:)``, for a wait.
    package static func after(_ wait: Duration) -> String {
        wait <= .zero ? "now" : "in \(words(for: wait + .milliseconds(999)))"
    }
}

/// Sizes in words of one unit, cut to a decimal.
package enum SizeText {
    private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// `512 B`, `1.5 KiB`, `24.0 MiB`.
    package static func words(for bytes: UInt64) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var unit: UInt64 = 1024
        var index = 0
        while bytes / unit >= 1024 {
            unit *= 1024
            index += 1
        }
        let tenths = bytes % unit / (unit / 1024) * 10 / 1024
        return "\(bytes / unit).\(tenths) \(units[index])"
    }
}

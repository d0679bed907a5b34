extension BinaryInteger {
    /// The number's digits with zeros before them up to a width, as times and escapes are written. A minus sign counts
    /// as no digit's place; pass magnitudes.
    package func zeroPadded(to width: Int, radix: Int = 10) -> String {
        let digits = String(self, radix: radix)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

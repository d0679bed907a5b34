/// A digest that is the same in every run, for entity tags, commit names and ids that look as real ones do.
///
/// FNV-1a with SplitMix64's finish; nothing here is a secret, so it need not be a cryptographic one.
struct Fingerprint {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ parts: String...) {
        for part in parts { mix(part.utf8) }
    }

    /// Takes one more part in; parts are kept apart, so that `"ab", "c"` and `"a", "bc"` differ.
    mutating func mix(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ 0x1FF) &* 0x0000_0100_0000_01B3
    }

    /// The digest as that many lower-case hexadecimal digits.
    func hex(digits: Int) -> String {
        var text = ""
        var word: UInt64 = 0
        while text.utf8.count < digits {
            word &+= 0x9E37_79B9_7F4A_7C15
            let part = String(Self.finished(hash ^ word), radix: 16)
            text += String(repeating: "0", count: 16 - part.utf8.count) + part
        }
        return String(text.prefix(digits))
    }

    /// The digest as a number from 1 to `max`.
    func number(max: Int) -> Int { Int(Self.finished(hash) % UInt64(clamping: Swift.max(max, 1))) + 1 }

    private static func finished(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

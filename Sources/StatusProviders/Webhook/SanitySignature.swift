import Signatures
import StatusModel

/// Sanity's signature header, taken apart: `t=1633519811129,v1=tLa4…`, in this order.
struct SanitySignature {
    /// As it was signed.
    var timestamp: String
    var signedAt: UnixTime
    var code: [UInt8]

    /// Nil for anything else than Sanity writes.
    init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix("t="), parts[1].hasPrefix("v1="),
            let code = Base64URL.decode(String(parts[1].dropFirst(3))), code.count == 32
        else { return nil }
        let digits = String(parts[0].dropFirst(2))
        guard let signedAt = UnixTime(digits: digits, unit: 1_000_000) else { return nil }
        (timestamp, self.signedAt, self.code) = (digits, signedAt, code)
    }
}

extension UnixTime {
    /// Reads a count of `unit` nanoseconds since the epoch, written in digits alone; nil for anything else, and beyond what
    /// a time can hold.
    init?(digits: String, unit: Int64) {
        guard (1...19).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int64(digits)
        else { return nil }
        let nanoseconds = count.multipliedReportingOverflow(by: unit)
        guard !nanoseconds.overflow else { return nil }
        self.init(nanoseconds: nanoseconds.partialValue)
    }
}

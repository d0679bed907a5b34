package import StatusModel

/// Writes values in one unambiguous form: bencoding (BEP 3), where every string carries its length and the fields of
/// a dictionary are sorted by name. An absent field is left out.
package struct CanonicalWriter: Sendable {
    /// What most views take, so that the bytes are not moved while they grow.
    private static let bytesExpected = 2 << 10
    /// Of the largest number.
    private static let digitsMax = 20

    package private(set) var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(Self.bytesExpected) }

    package mutating func text(_ text: String) {
        // Most of a view are texts, and short ones: room is made once for all of it.
        let utf8 = text.utf8Span.span
        bytes.append(addingCapacity: Self.digitsMax + 1 + utf8.count) { output in
            output.append(digitsOf: UInt64(utf8.count))
            output.append(UInt8(ascii: ":"))
            for index in utf8.indices { output.append(utf8[index]) }
        }
    }

    package mutating func integer(_ number: Int64) {
        bytes.append(addingCapacity: Self.digitsMax + 3) { output in
            output.append(UInt8(ascii: "i"))
            if number < 0 { output.append(UInt8(ascii: "-")) }
            output.append(digitsOf: number.magnitude)
            output.append(UInt8(ascii: "e"))
        }
    }

    package mutating func list<Element>(_ elements: [Element], _ write: (inout Self, Element) -> Void) {
        bytes.append(UInt8(ascii: "l"))
        for element in elements { write(&self, element) }
        bytes.append(UInt8(ascii: "e"))
    }

    /// Writes the fields in the order of the calls in `write`, which has to be the byte order of their names.
    package mutating func dictionary(_ write: (inout Self) -> Void) {
        bytes.append(UInt8(ascii: "d"))
        write(&self)
        bytes.append(UInt8(ascii: "e"))
    }

    package mutating func field(_ name: String, _ value: String?) {
        guard let value else { return }
        text(name)
        text(value)
    }

    package mutating func field(_ name: String, _ value: Int64?) {
        guard let value else { return }
        text(name)
        integer(value)
    }

    package mutating func field(_ name: String, _ value: Bool) { field(name, value ? 1 : 0 as Int64) }

    package mutating func field(_ name: String, _ value: UnixTime?) { field(name, value?.nanoseconds) }

    package mutating func field(_ name: String, _ value: Duration?) { field(name, value?.saturatedNanoseconds) }

    package mutating func field<Element>(
        _ name: String, _ elements: [Element], _ write: (inout Self, Element) -> Void
    ) {
        text(name)
        list(elements, write)
    }
}

extension OutputSpan<UInt8> {
    /// Without a string for each of the many lengths.
    @inline(__always)
    fileprivate mutating func append(digitsOf number: UInt64) {
        if number > 9 { append(leadingDigitsOf: number) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func append(leadingDigitsOf number: UInt64) {
        let rest = number / 10
        if rest > 9 { append(leadingDigitsOf: rest) }
        append(UInt8(ascii: "0") + UInt8(rest % 10))
    }
}

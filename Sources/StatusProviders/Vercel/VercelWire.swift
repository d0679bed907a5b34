import StatusModel

extension UnixTime {
    /// Of Vercel's milliseconds since the epoch; nil before it, and beyond what ``UnixTime`` can hold.
    init?(vercelMilliseconds milliseconds: Int64) {
        guard (0...9_000_000_000_000).contains(milliseconds) else { return nil }
        self.init(nanoseconds: milliseconds * 1_000_000)
    }
}

// Vercel's answers hold far more than is read here, and now and then another type than the documented one. A field of
// the wrong type counts as absent, so that it costs itself and not the answer.
extension KeyedDecodingContainer {
    /// The member as text.
    func text(_ key: Key) -> String? { try? decode(String.self, forKey: key) }

    /// The member as a boolean.
    func flag(_ key: Key) -> Bool? { try? decode(Bool.self, forKey: key) }

    /// The member as a whole number; decimals are dropped.
    func wholeNumber(_ key: Key) -> Int64? {
        if let number = try? decode(Int64.self, forKey: key) { return number }
        return (try? decode(Double.self, forKey: key)).flatMap { Int64(exactly: $0.rounded(.down)) }
    }

    /// The member as an instant, which Vercel writes in milliseconds.
    func instant(_ key: Key) -> UnixTime? { wholeNumber(key).flatMap(UnixTime.init(vercelMilliseconds:)) }
}

/// An element of a list that may be malformed without spoiling the others.
struct LossyElement<Value: Decodable>: Decodable {
    var value: Value?

    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}

extension KeyedDecodingContainer {
    /// The elements of a list that are what they should be, of the first `max`; the others are not even looked at.
    func elements<Value: Decodable>(_: Value.Type, _ key: Key, max: Int) -> [Value] {
        guard var list = try? nestedUnkeyedContainer(forKey: key) else { return [] }
        var values: [Value] = []
        while !list.isAtEnd, list.currentIndex < max, let element = try? list.decode(LossyElement<Value>.self) {
            if let value = element.value { values.append(value) }
        }
        return values
    }
}

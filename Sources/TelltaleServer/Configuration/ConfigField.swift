import StatusModel

/// One key of a section: its values' form and bounds, and where the value goes. A section is a table of these, and the
/// table is also what `docs/configuration.md` is checked against.
package struct ConfigField<Section: Sendable>: Sendable {
    package let key: String
    /// Which values are accepted, for people: `1s … 24h`.
    package let bounds: String
    /// How the section's value is written in the file.
    package let render: @Sendable (Section) -> String
    /// Puts a value into the section, unless it cannot be one.
    let read: @Sendable (ConfigValue, inout Section) throws(ConfigComplaint) -> Void
    /// Whether two sections have another value here.
    let differs: @Sendable (Section, Section) -> Bool

    init<Value: Equatable & Sendable>(
        _ key: String, _ target: any WritableKeyPath<Section, Value> & Sendable, bounds: String,
        render: @escaping @Sendable (Value) -> String,
        parse: @escaping @Sendable (ConfigValue) throws(ConfigComplaint) -> Value
    ) {
        self.key = key
        self.bounds = bounds
        self.render = { render($0[keyPath: target]) }
        self.read = { value, section throws(ConfigComplaint) in section[keyPath: target] = try parse(value) }
        differs = { $0[keyPath: target] != $1[keyPath: target] }
    }
}

extension ConfigField {
    /// A length of time, written with its unit.
    package static func duration(
        _ key: String, _ target: any WritableKeyPath<Section, Duration> & Sendable, _ range: ClosedRange<Duration>
    ) -> Self {
        let bounds = "\(DurationText.render(range.lowerBound)) … \(DurationText.render(range.upperBound))"
        return Self(key, target, bounds: bounds, render: DurationText.render) { value throws(ConfigComplaint) in
            switch value {
            case .number: throw ConfigComplaint("a duration needs its unit: write \"15s\", \"400ms\", \"5m\"")
            case .string(let text):
                guard let duration = DurationText.parse(text) else {
                    throw ConfigComplaint(
                        "\(PrintableText.quoted(text)) is no duration; write one such as \"15s\", \"400ms\"")
                }
                guard range.contains(duration) else {
                    throw ConfigComplaint("\(PrintableText.quoted(text)) is outside \(bounds)")
                }
                return duration
            default:
                throw ConfigComplaint("expected a duration such as \"15s\", found \(value.kind)")
            }
        }
    }

    /// A whole number.
    package static func count(
        _ key: String, _ target: any WritableKeyPath<Section, Int> & Sendable, _ range: ClosedRange<Int>
    ) -> Self {
        let bounds = "\(range.lowerBound) … \(range.upperBound)"
        return Self(key, target, bounds: bounds, render: { String($0) }) { value throws(ConfigComplaint) in
            guard case .number = value else {
                throw ConfigComplaint("expected a whole number, found \(value.kind)")
            }
            guard let count = value.integer, range.contains(count) else {
                throw ConfigComplaint("expected a whole number in \(bounds)")
            }
            return count
        }
    }

    /// A size in bytes.
    package static func bytes(
        _ key: String, _ target: any WritableKeyPath<Section, Int> & Sendable, _ range: ClosedRange<Int>
    ) -> Self {
        let bounds = "\(ByteCountText.render(range.lowerBound)) … \(ByteCountText.render(range.upperBound))"
        return Self(key, target, bounds: bounds, render: ByteCountText.render) { value throws(ConfigComplaint) in
            let count: Int? =
                if case .string(let text) = value { ByteCountText.parse(text) } else { value.integer }
            guard let count else {
                throw ConfigComplaint("expected a size: a number of bytes, or one such as \"64KiB\" or \"4MiB\"")
            }
            guard range.contains(count) else { throw ConfigComplaint("the size is outside \(bounds)") }
            return count
        }
    }

    /// A share, as a fraction of one.
    package static func fraction(
        _ key: String, _ target: any WritableKeyPath<Section, Double> & Sendable, _ range: ClosedRange<Double>
    ) -> Self {
        let bounds = "\(range.lowerBound) … \(range.upperBound)"
        return Self(key, target, bounds: bounds, render: { String($0) }) { value throws(ConfigComplaint) in
            guard case .number(let number) = value, range.contains(number) else {
                throw ConfigComplaint("expected a fraction in \(bounds)")
            }
            return number
        }
    }

    /// One of a few words.
    package static func choice<Choice: RawRepresentable<String> & CaseIterable & Equatable & Sendable>(
        _ key: String, _ target: any WritableKeyPath<Section, Choice> & Sendable
    ) -> Self {
        let words = Choice.allCases.map(\.rawValue)
        return Self(key, target, bounds: words.joined(separator: ", "), render: \.rawValue) {
            value throws(ConfigComplaint) in
            let expected = "expected one of \(words.joined(separator: ", "))"
            guard case .string(let word) = value else {
                throw ConfigComplaint("\(expected), found \(value.kind)")
            }
            guard let choice = Choice(rawValue: word) else {
                throw ConfigComplaint(expected + Suggestion.question(about: word, among: words))
            }
            return choice
        }
    }

    /// Yes or no.
    package static func flag(_ key: String, _ target: any WritableKeyPath<Section, Bool> & Sendable) -> Self {
        Self(key, target, bounds: "true, false", render: { String($0) }) { value throws(ConfigComplaint) in
            guard case .boolean(let flag) = value else {
                throw ConfigComplaint("expected true or false, found \(value.kind)")
            }
            return flag
        }
    }

    /// An address to fetch from; `http` for this host alone.
    package static func url(_ key: String, _ target: any WritableKeyPath<Section, String> & Sendable) -> Self {
        Self(key, target, bounds: "an https:// URL", render: { $0 }) { value throws(ConfigComplaint) in
            guard case .string(let text) = value else {
                throw ConfigComplaint("expected an https:// URL, found \(value.kind)")
            }
            return try APIBase.parse(text)
        }
    }

    /// An absolute path of the file system; nil is the absence of the key.
    package static func path(_ key: String, _ target: any WritableKeyPath<Section, String?> & Sendable) -> Self {
        Self(key, target, bounds: "an absolute path", render: { $0 ?? "none" }) { value throws(ConfigComplaint) in
            guard case .string(let path) = value, path.hasPrefix("/"), !path.utf8.contains(0) else {
                throw ConfigComplaint("expected an absolute path")
            }
            return path
        }
    }
}

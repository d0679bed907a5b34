import StatusCore
import StatusProviders

/// Reads a service's `expect`: `{ status: [200, "2xx", "200-204"], headers: { … }, body: { "/status": "ok" },
/// present: ["/version"] }`.
enum ServiceExpectSection {
    /// How many ranges of status codes, how many header fields, and how many values of the body one check may name.
    static let entriesMax = 16
    /// The longest expected value, in bytes; of the body as JSON.
    static let valueBytesMax = 1_024

    static func read(_ section: ConfigSection, into target: inout ServiceTarget) {
        guard let value = section["expect"],
            let part = ConfigSection(
                value, at: section.path.appending("expect"), keys: ["status", "headers", "body", "present"],
                mistakes: section.mistakes)
        else { return }
        if let value = part["status"] { target.expectedStatus = statuses(value, in: part) }
        target.expectedHeaders = headers(in: part)
        target.bodyChecks = values(in: part) + presences(in: part)
        if target.bodyChecks.count > entriesMax {
            part.refuse("body", "\(target.bodyChecks.count) values are more than the \(entriesMax) of one check")
        }
        if target.method == "HEAD", !target.bodyChecks.isEmpty {
            section.refuse("method", "an answer to HEAD has no body to check; write \"GET\", or drop the body checks")
        }
    }

    /// They are compared and never sent, so any name will do.
    private static func headers(in part: ConfigSection) -> [String: String] {
        guard let value = part["headers"],
            let fields = ConfigSection(
                anyKeysOf: value, at: part.path.appending("headers"), mistakes: part.mistakes)
        else { return [:] }
        if fields.names.count > entriesMax {
            part.refuse("headers", "\(fields.names.count) headers are more than the \(entriesMax) of one check")
        }
        var headers: [String: String] = [:]
        for name in fields.names {
            guard let value = fields.string(name) else { continue }
            headers[name] = value
            if value.utf8.count > valueBytesMax {
                fields.refuse(name, "the value is longer than \(valueBytesMax) bytes")
            }
        }
        return headers
    }

    private static func statuses(_ value: ConfigValue, in part: ConfigSection) -> [ClosedRange<Int>] {
        let path = part.path.appending("status")
        guard case .array(let elements) = value else { return range(value, at: path, part.mistakes).map { [$0] } ?? [] }
        guard (1...entriesMax).contains(elements.count) else {
            part.refuse("status", "expected 1 to \(entriesMax) status codes")
            return []
        }
        return elements.enumerated().compactMap { range($1, at: path.appending($0), part.mistakes) }
    }

    /// `200`, `"2xx"`, `"200-204"`.
    private static func range(
        _ value: ConfigValue, at path: ConfigPath, _ mistakes: MistakeCollector
    ) -> ClosedRange<Int>? {
        let bounds: (Int, Int)? =
            switch value {
            case .number: value.integer.map { ($0, $0) }
            case .string(let text): Self.bounds(text)
            default: nil
            }
        guard let (low, high) = bounds, low <= high, low >= 200, high <= 599 else {
            mistakes.add("expected status codes from 200 to 599: 200, \"2xx\" or \"200-204\"", at: path)
            return nil
        }
        return low...high
    }

    private static func bounds(_ text: String) -> (Int, Int)? {
        if text.utf8.count == 3, text.hasSuffix("xx"), let hundreds = Int(text.prefix(1)) {
            return (hundreds * 100, hundreds * 100 + 99)
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 3 }), let low = Int(parts[0]),
            let high = parts.last.flatMap({ Int($0) })
        else { return nil }
        return (low, high)
    }

    private static func values(in part: ConfigSection) -> [ServiceTarget.BodyCheck] {
        guard let value = part["body"],
            let members = ConfigSection(anyKeysOf: value, at: part.path.appending("body"), mistakes: part.mistakes)
        else { return [] }
        return members.names.compactMap { pointer in
            guard isPointer(pointer, at: members.path.appending(pointer), part.mistakes) else { return nil }
            guard let json = (members[pointer] ?? .null).json, json.utf8.count <= valueBytesMax else {
                members.refuse(pointer, "is no JSON value of at most \(valueBytesMax) bytes")
                return nil
            }
            return ServiceTarget.BodyCheck(pointer: pointer, expected: json)
        }
    }

    private static func presences(in part: ConfigSection) -> [ServiceTarget.BodyCheck] {
        guard let value = part["present"] else { return [] }
        let path = part.path.appending("present")
        guard case .array(let elements) = value else {
            part.refuse("present", "expected a list of JSON pointers, such as [\"/version\"]")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard case .string(let pointer) = element else {
                part.mistakes.add("expected a JSON pointer, found \(element.kind)", at: path.appending(index))
                return nil
            }
            guard isPointer(pointer, at: path.appending(index), part.mistakes) else { return nil }
            return ServiceTarget.BodyCheck(pointer: pointer)
        }
    }

    private static func isPointer(_ text: String, at path: ConfigPath, _ mistakes: MistakeCollector) -> Bool {
        guard ServiceJSONPointer(text) == nil else { return true }
        mistakes.add(
            "is no JSON pointer (RFC 6901); write one such as \"/status\", with ~1 for a slash and ~0 for a tilde",
            at: path)
        return false
    }
}

extension ConfigValue {
    /// The value as JSON; nil for what JSON cannot hold (infinity, not a number).
    fileprivate var json: String? {
        switch self {
        case .null: return "null"
        case .boolean(let flag): return String(flag)
        case .number(let number):
            return number.isFinite ? Int64(exactly: number).map { String($0) } ?? String(number) : nil
        case .string(let text): return Self.quoted(text)
        case .array(let elements):
            let parts = elements.compactMap(\.json)
            return parts.count == elements.count ? "[\(parts.joined(separator: ","))]" : nil
        case .object(let members):
            let parts = members.sorted { $0.key < $1.key }.compactMap { key, value in
                value.json.map { "\(Self.quoted(key)):\($0)" }
            }
            return parts.count == members.count ? "{\(parts.joined(separator: ","))}" : nil
        }
    }

    /// RFC 8259 §7.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                quoted += "\\"
                quoted.unicodeScalars.append(scalar)
            case "\0"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

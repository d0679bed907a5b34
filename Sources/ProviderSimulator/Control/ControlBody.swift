import FoundationEssentials
package import StatusModel

/// The JSON body of a control request. A key it does not know is an error: a misspelt key would otherwise be a wish
/// silently not granted.
protocol ControlBody: Decodable {
    associatedtype CodingKeys: CodingKey & CaseIterable
}

extension ControlBody {
    /// Decodes a request's body; an empty one counts as `{}`.
    static func decoded(from request: SimulatedRequest) throws(ControlError) -> Self {
        let known = CodingKeys.allCases.map(\.stringValue)
        let data = Data(request.body.isEmpty ? Array("{}".utf8) : request.body)
        do {
            let unknown = try JSONDecoder().decode(KeySet.self, from: data).names.filter { !known.contains($0) }
            guard unknown.isEmpty else {
                throw ControlError(
                    400, "unknown key \(quoted(unknown.min() ?? "")); known are: \(known.joined(separator: ", "))")
            }
            return try JSONDecoder().decode(Self.self, from: data)
        } catch let error as ControlError {
            throw error
        } catch let error as DecodingError {
            throw ControlError(400, sentence(on: error))
        } catch {
            throw ControlError(400, "the body is no JSON object; send one, such as {}")
        }
    }
}

/// An instant, or the lack of one: `"2026-01-31T12:00:00Z"` or `"never"`.
package enum InstantOrNever: Hashable, Sendable, Decodable {
    case at(UnixTime)
    case never

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if text == "never" {
            self = .never
        } else if let time = TimeText.parsed(text) {
            self = .at(time)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "must be an instant such as \"2026-01-31T12:00:00Z\", or \"never\"")
        }
    }

    var time: UnixTime? {
        if case .at(let time) = self { time } else { nil }
    }
}

/// The names of an object's keys, whatever their values.
private struct KeySet: Decodable {
    struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    var names: [String]

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue)
    }
}

private func sentence(on error: DecodingError) -> String {
    let (context, missing): (DecodingError.Context, String?) =
        switch error {
        case .keyNotFound(let key, let context): (context, key.stringValue)
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): (context, nil)
        @unknown default: (.init(codingPath: [], debugDescription: "the body cannot be read"), nil)
        }
    if let missing { return "\(quoted(missing)) is missing; add it" }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return place.isEmpty
        ? "the body must be a JSON object, its numbers whole: \(context.debugDescription)"
        : "\(quoted(place)): \(context.debugDescription)"
}

/// Text from outside as it may stand in a sentence: short, and in quotation marks.
func quoted(_ text: String) -> String { "'" + text.prefix(64) + (text.count > 64 ? "…'" : "'") }

import FoundationEssentials
import StatusCore

/// What a provider says of its own refusal, as far as people may be shown it.
enum ProviderMessage {
    /// The longest message shown, in bytes; a longer one is left out, for half of one misleads.
    static let bytesMax = 256

    /// The message of `{"message"}`, `{"error":{"message"}}` or `{"error"}`, with a full stop; nil when there is none that can
    /// be shown. One that repeats the secret cannot.
    static func shown(_ body: [UInt8], hiding secret: Secret?) -> String? {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)), let text = wire.text else {
            return nil
        }
        return sentence(text, hiding: secret)
    }

    /// A provider's text as a sentence of its own; nil when it cannot be shown.
    static func sentence(_ text: String, hiding secret: Secret?) -> String? {
        guard (1...bytesMax).contains(text.utf8.count), text.isPrintable,
            secret.map({ $0.reveal().isEmpty || !text.contains($0.reveal()) }) ?? true
        else { return nil }
        return text.last.map { ".!?".contains($0) } == true ? text : text + "."
    }

    private struct Wire: Decodable {
        struct Inner: Decodable {
            var message: String?
        }

        enum CodingKeys: String, CodingKey {
            case message, error
        }

        var text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            text =
                container.text(.message) ?? (try? container.decode(Inner.self, forKey: .error))?.message
                ?? container.text(.error)
        }
    }
}

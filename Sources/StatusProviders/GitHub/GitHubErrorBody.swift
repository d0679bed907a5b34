import FoundationEssentials

/// What a refusing answer says in words, for the classifier to look at; never shown or logged.
struct GitHubErrorBody {
    /// How much of an answer that is no JSON is looked at, in bytes.
    static let textBytesMax = 2048

    /// In lower case: `message`, for server errors `error`, and the text itself when it is no JSON object.
    var message: String
    /// In lower case; empty when there is none.
    var documentationURL: String
    /// Whether it is an object with a message, as GitHub itself writes one; a proxy's page is not.
    var isFromAPI: Bool

    init(_ body: [UInt8]) {
        if let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)), let text = wire.message ?? wire.error {
            message = text.lowercased()
            documentationURL = wire.documentationURL?.lowercased() ?? ""
            isFromAPI = true
        } else {
            message = String(decoding: body.prefix(Self.textBytesMax), as: UTF8.self).lowercased()
            documentationURL = ""
            isFromAPI = false
        }
    }

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case message, error
            case documentationURL = "documentation_url"
        }

        var message: String?
        var error: String?
        var documentationURL: String?
    }
}

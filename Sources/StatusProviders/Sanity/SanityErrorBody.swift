import FoundationEssentials

/// What a refusing answer of Sanity's says, for the classifier to look at; never shown or logged.
///
/// It comes in three shapes (providers.md §4.3): `{statusCode, error: "…", message}`, `{error: {description, type}}`
/// and `{message}`, each with an `errorCode` or without.
struct SanityErrorBody {
    /// In upper case, such as `SIO-401-ANF`; empty when there is none.
    var code: String
    /// In lower case, such as `queryparseerror`; empty when there is none.
    var type: String
    /// In lower case: every sentence of the answer.
    var text: String
    /// Whether it has one of the shapes; a proxy's page has not.
    var isFromAPI: Bool

    init(_ body: [UInt8]) {
        let wire = try? JSONDecoder().decode(Wire.self, from: Data(body))
        code = (wire?.errorCode ?? "").uppercased()
        type = (wire?.type ?? "").lowercased()
        let sentences = [wire?.message, wire?.error, wire?.description].compactMap(\.self)
        text = sentences.joined(separator: "\n").lowercased()
        isFromAPI = !sentences.isEmpty || !code.isEmpty
    }

    /// Each field by itself, so that one of another type does not hide the others.
    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case message, error, errorCode, description, type
        }

        var message: String?
        var error: String?
        var errorCode: String?
        var description: String?
        var type: String?

        init(from decoder: any Decoder) throws {
            let outer = try decoder.container(keyedBy: CodingKeys.self)
            let inner = try? outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
            let text = { (key: CodingKeys) in
                (try? outer.decode(String.self, forKey: key)) ?? (try? inner?.decode(String.self, forKey: key))
            }
            message = text(.message)
            error = text(.error)
            errorCode = text(.errorCode)
            description = text(.description)
            type = text(.type)
        }
    }
}

import FoundationEssentials

/// What an answer of one of Supabase's servers says is wrong, for the classifiers to look at; never shown or logged.
///
/// Four servers speak here, each in a form of its own: the management API (`message`), the gateway (`message`, `hint`),
/// PostgREST (`code` as text, `message`), and Auth (`code` as a number or a text, `error_code`, `msg`).
struct SupabaseErrorBody {
    /// How much of an answer that is no JSON is looked at, in bytes.
    static let textBytesMax = 2048

    /// In lower case; the text itself when it is no JSON object.
    var message: String
    /// `PGRST205`, `over_request_rate_limit`, an SQLSTATE; empty when there is none.
    var code: String
    /// Whether it is an object with one of the fields above, as Supabase writes one; a proxy's page is not.
    var isFromAPI: Bool

    init(_ body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)), wire.saysAnything else {
            message = String(decoding: body.prefix(Self.textBytesMax), as: UTF8.self).lowercased()
            code = ""
            isFromAPI = false
            return
        }
        message = (wire.message ?? wire.msg ?? wire.error ?? "").lowercased()
        code = wire.errorCode ?? wire.code ?? ""
        isFromAPI = true
    }

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case message, msg, error, code
            case errorCode = "error_code"
        }

        var message: String?
        var msg: String?
        var error: String?
        var code: String?
        var errorCode: String?

        /// A field of another type than expected counts as absent.
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func text(_ key: CodingKeys) -> String? { try? container.decode(String.self, forKey: key) }
            message = text(.message)
            msg = text(.msg)
            error = text(.error)
            errorCode = text(.errorCode)
            code = text(.code) ?? (try? container.decode(Int.self, forKey: .code)).map { String($0) }
        }

        var saysAnything: Bool { [message, msg, error, code, errorCode].contains { $0 != nil } }
    }
}

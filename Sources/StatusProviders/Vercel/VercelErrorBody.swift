import FoundationEssentials
import StatusModel

/// What a refusing answer says, for the classifier to look at; never shown or logged.
///
/// Most endpoints wrap it, `{"error":{"code","message",…}}`; newer ones write `{"status","code","message",…}`.
struct VercelErrorBody {
    /// The longest reset of a limit that is believed. Vercel has limits by the week.
    static let resetMax = Duration.seconds(31 * 86_400)

    /// In lower case: `forbidden`, `not_found`, `rate_limited`; empty when there is none.
    var code = ""
    /// In lower case; empty when there is none.
    var message = ""
    /// The one sure sign of a dead token.
    var isInvalidToken = false
    var wantsSAML = false
    /// Whether it names the scope that the token lacks.
    var namesScope = false
    /// Seconds to wait, as newer endpoints write them beside the header field.
    var retryAfterSeconds: Int64?
    /// Whether it is an object of Vercel's, and not a proxy's page or anybody else's JSON.
    var isFromAPI = false
    private var resetMilliseconds: Int64?

    init(_ body: [UInt8]) {
        let decoder = JSONDecoder()
        let data = Data(body)
        guard
            let fields = (try? decoder.decode(Wrapped.self, from: data))?.error
                ?? (try? decoder.decode(Fields.self, from: data)),
            fields.code != nil || fields.message != nil || fields.isInvalidToken
        else { return }
        isFromAPI = true
        code = fields.code?.lowercased() ?? ""
        message = fields.message?.lowercased() ?? ""
        isInvalidToken = fields.isInvalidToken
        wantsSAML = fields.wantsSAML
        namesScope = fields.namesScope
        retryAfterSeconds = fields.retryAfterSeconds
        resetMilliseconds = fields.resetMilliseconds
    }

    /// When the limit that was met is whole again; nil when it does not say, or says what cannot be.
    func limitReset(now: UnixTime) -> UnixTime? {
        resetMilliseconds.flatMap(UnixTime.init(vercelMilliseconds:)).flatMap {
            $0 > now && $0 <= now.advanced(by: Self.resetMax) ? $0 : nil
        }
    }

    private struct Wrapped: Decodable {
        var error: Fields
    }

    private struct Fields: Decodable {
        enum CodingKeys: String, CodingKey {
            case code, message, invalidToken, saml, scope, retryAfter, limit
            case value, reset, resetMs
        }

        var code: String?
        var message: String?
        var isInvalidToken: Bool
        var wantsSAML: Bool
        var namesScope: Bool
        var retryAfterSeconds: Int64?
        var resetMilliseconds: Int64?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            code = container.text(.code)
            message = container.text(.message)
            isInvalidToken = container.flag(.invalidToken) ?? false
            wantsSAML = container.flag(.saml) ?? false
            namesScope = container.text(.scope) != nil
            let retryAfter = try? container.nestedContainer(keyedBy: CodingKeys.self, forKey: .retryAfter)
            retryAfterSeconds = retryAfter?.wholeNumber(.value) ?? container.wholeNumber(.retryAfter)
            let limit = try? container.nestedContainer(keyedBy: CodingKeys.self, forKey: .limit)
            resetMilliseconds =
                limit?.wholeNumber(.resetMs) ?? limit?.wholeNumber(.reset).map(Self.milliseconds(ofReset:))
        }

        /// `reset` is documented in seconds; a number that would lie thousands of years ahead is in milliseconds.
        private static func milliseconds(ofReset reset: Int64) -> Int64 {
            (0..<100_000_000_000).contains(reset) ? reset * 1000 : reset
        }
    }
}

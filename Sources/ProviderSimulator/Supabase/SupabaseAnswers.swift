import StatusModel

/// Supabase's refusals, word for word where the wording is what clients go by. Each server has a form of its own.
enum SupabaseAnswers {
    private struct GatewayError: Encodable {
        var message: String
        var hint: String?
    }

    private struct PostgRESTError: Encodable {
        var code: String
        var message: String
        var details = Nullable<String>(nil)
        var hint = Nullable<String>(nil)
    }

    private struct OAuthError: Encodable {
        var error: String
        var message: String
    }

    // The management API.
    static let unauthorized = message(401, "Unauthorized")
    static let wrongKindOfToken = message(401, "JWT could not be decoded")
    static let noPrivileges = message(
        403, "Your account does not have the necessary privileges to access this endpoint.")
    static let projectNotFound = message(404, "Project not found")
    static let notFound = message(404, "Not Found")
    static let throttled = message(429, "ThrottlerException: Too Many Requests")
    static let noServices = message(400, "services: Required")
    static let invalidClient = oauth(401, "invalid_client", "Invalid client id or secret")
    static let invalidGrant = oauth(400, "invalid_grant", "Invalid refresh token")
    static let unsupportedGrant = oauth(400, "unsupported_grant_type", "grant_type must be refresh_token")

    // The project's own host.
    static let noKey = SimulatedAnswer.json(
        401,
        GatewayError(
            message: "No API key found in request", hint: "No `apikey` request header or url param was found."))
    static let invalidKey = SimulatedAnswer.json(
        401,
        GatewayError(
            message: "Invalid API key", hint: "Double check your Supabase `anon` or `service_role` API key."))
    static let noRoute = message(404, "no Route matched with those values")
    static let asleep = message(540, "Project paused")

    static func restricted(_ violation: String) -> SimulatedAnswer {
        message(402, "Service for this project is restricted due to the following violations: \(violation).")
    }

    static func postgREST(_ status: Int, _ code: String, _ text: String) -> SimulatedAnswer {
        .json(status, PostgRESTError(code: code, message: text))
    }

    static func noDatabase(_ code: String) -> SimulatedAnswer {
        switch code {
        case "PGRST003":
            postgREST(504, code, "Timed out acquiring connection from connection pool.")
        case "PGRST002":
            postgREST(503, code, "Could not query the database for the schema cache. Retrying.")
        default:
            postgREST(503, code, "Database connection error. Retrying the connection.")
        }
    }

    static let notAJWT = postgREST(401, "PGRST301", "Expected 3 parts in JWT; got 1")

    static func message(_ status: Int, _ text: String) -> SimulatedAnswer { .json(status, ["message": text]) }

    private static func oauth(_ status: Int, _ error: String, _ text: String) -> SimulatedAnswer {
        .json(status, OAuthError(error: error, message: text))
    }

    /// A failure of Supabase's own; of 520 to 530 it is Cloudflare that speaks, and it speaks HTML.
    static func failure(status: Int) -> SimulatedAnswer {
        guard (520...530).contains(status) else { return message(status, "Simulated answer") }
        return .text(
            status, "<!DOCTYPE html>\n<html><head><title>supabase.co | \(status)</title></head></html>\n",
            type: "text/html; charset=UTF-8")
    }
}

package import HTTPClient
package import StatusCore
import StatusModel

/// Builds the requests that one link needs: two of the management API, one of the project's own host.
///
/// Each plane has a credential of its own (providers.md §5). The project key travels in `apikey` alone: the newer
/// `sb_…` keys are no JWTs, and PostgREST refuses one that comes as `Authorization`.
package struct SupabaseRequests: Sendable {
    /// A project's answer has 1 KiB, a health answer 2 KiB, a probe's row at most one row.
    package static let bodyBytesMax = 1 << 20
    /// How long Supabase may ask its services before it answers with what it knows.
    package static let healthTimeoutMax = Duration.seconds(2)
    /// What must be left of the read's time beyond that, for the way there and back.
    package static let healthTimeoutMargin = Duration.milliseconds(500)
    private static let healthTimeoutMin = Duration.milliseconds(100)

    private let target: SupabaseTarget
    private let userAgent: String

    /// - Throws: a failure of code `misconfigured` when the reference cannot be a project's.
    package init(target: SupabaseTarget, userAgent: String) throws(ProviderFailure) {
        guard Self.isReference(target.reference) else {
            throw ProviderFailure(
                code: .misconfigured, cause: .host,
                hint: "The link names no Supabase project; write its reference, 20 lower-case letters.",
                disposition: .replaces)
        }
        self.target = target
        self.userAgent = userAgent
    }

    /// `GET /v1/projects/{ref}`.
    package func project(token: String) -> HTTPRequest { management("", token: token) }

    /// `GET /v1/projects/{ref}/health`, of the services that the link wants. Supabase waits for one that is unwell, and
    /// must give up before `timeLeft`, the time until the read's deadline, is over.
    package func health(token: String, timeLeft: Duration) -> HTTPRequest {
        let services = target.services.map(\.percentEncoded).joined(separator: ",")
        let timeout = max(
            Self.healthTimeoutMin, min(Self.healthTimeoutMax, timeLeft - Self.healthTimeoutMargin))
        let milliseconds = timeout.saturatedNanoseconds / 1_000_000
        return management("/health?services=\(services)&timeout_ms=\(milliseconds)", token: token)
    }

    /// The probe of the project's own host, as the link wants it.
    package func probe(key: String) -> HTTPRequest {
        let base = Self.withoutSlashes(target.projectURL)
        var request = HTTPRequest(url: base, headers: headers, bodyBytesMax: Self.bodyBytesMax, redirectsMax: 0)
        request.headers["apikey"] = key
        switch target.probe {
        case .authHealth:
            request.url = "\(base)/auth/v1/health"
        case .table(let name, let column):
            request.url = "\(base)/rest/v1/\(name.percentEncoded)?select=\(column.percentEncoded)&limit=1"
        case .function(let name):
            request.url = "\(base)/rest/v1/rpc/\(name.percentEncoded)"
            request.method = "POST"
            request.headers["Content-Type"] = "application/json"
            request.body = Array("{}".utf8)
        }
        return request
    }

    /// What is remembered holds for this: both credentials, both addresses and the probe. One way, so that no
    /// credential can be had from it.
    package func validator(token: String?, key: String?, _ digest: DigestFunction) -> String {
        let parts = [
            token ?? "", key ?? "", target.reference, target.managementURL, target.projectURL, "\(target.probe)",
        ]
        return String(digest(Array(parts.joined(separator: "\n").utf8)).prefix(32))
    }

    private func management(_ rest: String, token: String) -> HTTPRequest {
        var request = HTTPRequest(
            url: "\(Self.withoutSlashes(target.managementURL))/v1/projects/\(target.reference)\(rest)",
            headers: headers, bodyBytesMax: Self.bodyBytesMax, redirectsMax: 0)
        request.headers["Authorization"] = "Bearer \(token)"
        return request
    }

    private var headers: HTTPHeaders { ["Accept": "application/json", "User-Agent": userAgent] }

    private static func isReference(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }

    private static func withoutSlashes(_ url: String) -> String {
        var base = url[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        return String(base)
    }
}

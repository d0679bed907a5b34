import StatusModel

// What follows is the documented schema of the management API, less the fields that nobody here reads.

struct SupabaseProjectBody: Encodable, Sendable {
    struct Database: Encodable, Sendable {
        var host: String
        var version = "17.6.1.111"
        var postgresEngine = "17"
        var releaseChannel = "ga"
    }

    var id: String
    var ref: String
    var organizationId = "simulated-organization"
    var organizationSlug = "simulated-organization"
    var name: String
    var region: String
    var createdAt: String
    var status: String
    var database: Database

    init(_ project: SupabaseProject) {
        id = project.ref
        ref = project.ref
        name = project.name
        region = project.region
        createdAt = TimeText.iso8601(project.createdAt)
        status = project.status
        database = Database(host: "db.\(project.ref).supabase.co")
    }
}

struct SupabaseServiceBody: Encodable, Sendable {
    struct Info: Encodable, Sendable {
        var name = "GoTrue"
        var version = "v2.196.0"
        var description = "GoTrue is a user registration and authentication API"
    }

    var name: String
    var healthy: Bool
    var status: String
    /// Only Auth's is told here; each service has its own.
    var info: Info?
    var error: String?

    init(_ service: String, of project: SupabaseProject) {
        name = service
        status = project.state(of: service)
        healthy = status == "ACTIVE_HEALTHY"
        info = healthy && service == "auth" ? Info() : nil
        error = status == "UNHEALTHY" ? "Failed to reach the service" : nil
    }
}

struct SupabaseTokenBody: Encodable, Sendable {
    var accessToken: String
    var refreshToken: String
    var expiresIn: Int64
    var tokenType = "Bearer"

    init(_ grant: SupabaseOAuth.Grant) {
        accessToken = grant.accessToken
        refreshToken = grant.refreshToken
        expiresIn = grant.lifetime.components.seconds
    }
}

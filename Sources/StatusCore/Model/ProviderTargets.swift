/// A repository on GitHub or a GitHub Enterprise host.
package struct GitHubTarget: Hashable, Sendable {
    package var owner: String
    package var repository: String
    /// The API's base without a trailing slash: `https://api.github.com`, `https://HOST/api/v3`.
    package var baseURL: String

    package init(owner: String, repository: String, baseURL: String = "https://api.github.com") {
        self.owner = owner
        self.repository = repository
        self.baseURL = baseURL
    }
}

/// A project on Vercel.
package struct VercelTarget: Hashable, Sendable {
    /// `prj_…` or the project's name.
    package var project: String
    /// `team_…` or the team's slug; nil for the personal scope. Without it a team's project is not found (providers.md
    /// §3).
    package var teamID: String?
    package var baseURL: String

    package init(project: String, teamID: String? = nil, baseURL: String = "https://api.vercel.com") {
        self.project = project
        self.teamID = teamID
        self.baseURL = baseURL
    }
}

/// A dataset of a project on Sanity.
package struct SanityTarget: Hashable, Sendable {
    package var projectID: String
    package var dataset: String
    /// Projects, hooks, users.
    package var managementURL: String
    /// Queries: a host of the project's own.
    package var dataURL: String

    /// Makes one from its parts; the data host is `https://PROJECT.api.sanity.io` unless it is named.
    package init(
        projectID: String, dataset: String = "production", managementURL: String = "https://api.sanity.io",
        dataURL: String? = nil
    ) {
        self.projectID = projectID
        self.dataset = dataset
        self.managementURL = managementURL
        self.dataURL = dataURL ?? "https://\(projectID).api.sanity.io"
    }
}

/// A project on Supabase: its management API, and the project's own host beside it.
package struct SupabaseTarget: Hashable, Sendable {
    /// The name under which ``Link/namedCredentials`` holds the key of the project's own host.
    package static let projectKey = "projectKey"

    /// What is asked of the project's own host to see that it answers, and how fast.
    package enum Probe: Hashable, Sendable {
        /// `GET /auth/v1/health`: does not touch the database.
        case authHealth
        /// `GET /rest/v1/TABLE?select=COLUMN&limit=1`.
        case table(name: String, column: String)
        /// `POST /rest/v1/rpc/FUNCTION`.
        case function(name: String)
    }

    /// 20 lower-case letters.
    package var reference: String
    package var managementURL: String
    /// The project's own host.
    package var projectURL: String
    package var probe: Probe
    /// Which services must be healthy.
    package var services: [String]
    /// A median latency above it is a warning (SPEC §2: 500 ms).
    package var latencyLimit: Duration

    /// Makes one from its parts; the project's host is `https://REFERENCE.supabase.co` unless it is named.
    package init(
        reference: String, managementURL: String = "https://api.supabase.com", projectURL: String? = nil,
        probe: Probe = .authHealth, services: [String] = ["auth", "db", "pooler", "realtime", "rest", "storage"],
        latencyLimit: Duration = .milliseconds(500)
    ) {
        self.reference = reference
        self.managementURL = managementURL
        self.projectURL = projectURL ?? "https://\(reference).supabase.co"
        self.probe = probe
        self.services = services
        self.latencyLimit = latencyLimit
    }
}

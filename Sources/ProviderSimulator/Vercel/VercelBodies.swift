import StatusModel

// What follows is the documented schema (vercel/sdk, `getdeploymentsop`, `getproject`), less the fields that nobody here
// reads. Times are milliseconds since the epoch.

/// A deployment in a list: its id is `uid`.
struct VercelListedBody: Encodable, Sendable {
    struct Creator: Encodable, Sendable {
        var uid: String
        var username = "editor"
    }

    struct CustomEnvironment: Encodable, Sendable {
        var id: String
        var slug: String
    }

    var uid: String
    var name: String
    var projectId: String
    /// Without a scheme.
    var url: String
    var created: Int64
    var createdAt: Int64
    var buildingAt: Int64?
    var ready: Int64?
    var state: String
    var readyState: String
    var readySubstate: String?
    var type = "LAMBDAS"
    var target: Nullable<String>
    var customEnvironment: CustomEnvironment?
    var source = "git"
    var creator: Creator
    var inspectorUrl: Nullable<String>
    var meta: [String: String]
    var errorCode: String?
    var errorMessage: String?
    var aliasAssigned: Nullable<Int64>
    var aliasError = Nullable<String>(nil)
    var isRollbackCandidate: Nullable<Bool>

    init(_ deployment: VercelDeployment, of project: VercelProject) {
        uid = deployment.id
        name = project.name
        projectId = project.id
        url = deployment.host(in: project)
        created = deployment.createdAt.milliseconds
        createdAt = created
        buildingAt = deployment.buildingAt?.milliseconds
        ready = deployment.readyAt?.milliseconds
        state = deployment.state
        readyState = deployment.state
        readySubstate = deployment.substate
        target = Nullable(deployment.target)
        customEnvironment = deployment.customEnvironment.map {
            CustomEnvironment(id: "env_" + Fingerprint("vercel environment", $0).hex(digits: 24), slug: $0)
        }
        creator = Creator(uid: Fingerprint("vercel user", "editor").hex(digits: 24))
        inspectorUrl = Nullable("https://vercel.com/acme/\(project.name)/\(deployment.id.dropFirst(4))")
        meta = deployment.meta
        if deployment.state == "ERROR" {
            errorCode = "BUILD_FAILED"
            errorMessage = "Command \"npm run build\" exited with 1"
        }
        aliasAssigned = Nullable(deployment.isServing ? ready : nil)
        isRollbackCandidate = Nullable(deployment.isServing ? true : nil)
    }
}

struct VercelListBody: Encodable, Sendable {
    struct Pagination: Encodable, Sendable {
        var count: Int
        /// What to send as `until` for the next page.
        var next: Nullable<Int64>
        var prev: Nullable<Int64>
    }

    var deployments: [VercelListedBody]
    var pagination: Pagination

    init(_ page: [VercelDeployment], of project: VercelProject, hasMore: Bool) {
        deployments = page.map { VercelListedBody($0, of: project) }
        pagination = Pagination(
            count: page.count, next: Nullable(hasMore ? page.last.map { $0.createdAt.milliseconds } : nil),
            prev: Nullable(page.first?.createdAt.milliseconds))
    }
}

/// A deployment within a project: its id is `id`.
struct VercelLatestBody: Encodable, Sendable {
    struct Creator: Encodable, Sendable {
        var uid: String
    }

    var id: String
    var name: String
    var alias: [String]
    var aliasAssigned: Nullable<Int64>
    var createdAt: Int64
    var createdIn = "sfo1"
    var creator: Creator
    var forced = false
    var meta: [String: String]
    var plan = "pro"
    var `private` = true
    var readyAt: Int64?
    var readyState: String
    var target: Nullable<String>
    var type = "LAMBDAS"
    var url: String

    init(_ deployment: VercelDeployment, of project: VercelProject) {
        let listed = VercelListedBody(deployment, of: project)
        id = listed.uid
        name = listed.name
        alias = deployment.isServing ? ["\(project.name).vercel.app"] : []
        aliasAssigned = listed.aliasAssigned
        createdAt = listed.createdAt
        creator = Creator(uid: listed.creator.uid)
        meta = listed.meta
        readyAt = listed.ready
        readyState = listed.readyState
        target = listed.target
        url = listed.url
    }
}

struct VercelProjectBody: Encodable, Sendable {
    /// Whoever has the address of a hook can deploy: it must not be kept or logged.
    struct DeployHook: Encodable, Sendable {
        var id = "hook_simulated"
        var name = "nightly"
        var ref = "main"
        var url = "https://api.vercel.com/v1/integrations/deploy/prj_simulated/SIMULATED-SECRET-DEPLOY-HOOK"
    }

    struct Link: Encodable, Sendable {
        var type = "github"
        var org: String
        var repo: String
        var repoId = 1_296_269
        var productionBranch = "main"
        var gitCredentialId = "SIMULATED-SECRET-GIT-CREDENTIAL"
        var deployHooks = [DeployHook()]

        /// Of `owner/name`.
        init?(_ repository: String) {
            guard let name = RepositoryName(repository) else { return nil }
            (org, repo) = (name.owner, name.name)
        }
    }

    struct Targets: Encodable, Sendable {
        var production: VercelLatestBody?
    }

    var id: String
    var name: String
    var accountId: String
    var createdAt: Int64
    var updatedAt: Int64
    var link: Link?
    var latestDeployments: [VercelLatestBody]
    var targets: Targets

    init(_ project: VercelProject) {
        id = project.id
        name = project.name
        accountId = project.team ?? Fingerprint("vercel user", "editor").hex(digits: 24)
        createdAt = project.createdAt.milliseconds
        updatedAt = project.createdAt.milliseconds
        link = Link(project.repository)
        latestDeployments = project.deployments.prefix(1).map { VercelLatestBody($0, of: project) }
        targets = Targets(production: project.serving.map { VercelLatestBody($0, of: project) })
    }
}

extension VercelDeployment {
    func host(in project: VercelProject) -> String {
        "\(project.name)-\(id.dropFirst(4).prefix(9))-acme.vercel.app"
    }

    var meta: [String: String] {
        let commit = [
            "githubCommitRef": branch, "githubCommitMessage": message,
            "githubCommitSha": Fingerprint("vercel commit", id).hex(digits: 40),
        ]
        return commit.merging(notes) { _, noted in noted }
    }
}

extension UnixTime {
    /// As Vercel writes an instant.
    var milliseconds: Int64 { nanoseconds / 1_000_000 }
}

import FoundationEssentials

/// What is needed of a project to have it deployed: `GET /v9/projects/{idOrName}`.
package struct VercelDeploySource: Hashable, Sendable {
    /// Where the project's code is.
    package enum Repository: Hashable, Sendable {
        /// GitHub, by the repository's number.
        case number(Int64)
        /// GitHub, by its name.
        case path(GitHubRepositoryPath)
        /// A host whose references are written in another way.
        case elsewhere
    }

    package let id: String
    package let name: String
    /// Nil when it has no link to Git.
    package let repository: Repository?
    /// The repository's name on GitHub; nil where Vercel does not tell it.
    package let repositoryPath: GitHubRepositoryPath?

    /// Nil when the body is no project that can be named in a request.
    package init?(json body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)), let id = wire.id,
            VercelDeploymentAnswer.isID(id), let name = wire.name.flatMap(VercelProject.shown)
        else { return nil }
        self.id = id
        self.name = name
        repository = wire.link?.repository
        repositoryPath = wire.link?.path
    }

    /// Whether its code is there. GitHub takes names in any case.
    package func isLinked(to path: GitHubRepositoryPath) -> Bool {
        repositoryPath?.fullName.lowercased() == path.fullName.lowercased()
    }

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case id, name, link
        }

        var id: String?
        var name: String?
        var link: Link?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = container.text(.id)
            name = container.text(.name)
            link = try? container.decode(Link.self, forKey: .link)
        }
    }

    private struct Link: Decodable {
        enum CodingKeys: String, CodingKey {
            case type, org, repo, repoId
        }

        var repository: Repository
        var path: GitHubRepositoryPath?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let path = GitHubRepositoryPath(owner: container.text(.org) ?? "", name: container.text(.repo) ?? "")
            let isOnGitHub = container.text(.type) == "github"
            self.path = isOnGitHub ? path : nil
            repository =
                if !isOnGitHub {
                    .elsewhere
                } else if let number = container.wholeNumber(.repoId) {
                    .number(number)
                } else {
                    path.map(Repository.path) ?? .elsewhere
                }
        }
    }
}

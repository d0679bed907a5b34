import StatusModel

/// What is kept of a delivery's body. A field of another type than the documented one counts as absent.
struct GitHubWebhookBody: Decodable {
    /// The most repositories of one delivery that are looked at.
    static let repositoriesMax = 256

    struct Repository: Decodable {
        private enum CodingKeys: String, CodingKey {
            case fullName = "full_name"
            case isPrivate = "private"
            case defaultBranch = "default_branch"
            case pushedAt = "pushed_at"
            case updatedAt = "updated_at"
            case isArchived = "archived"
            case isDisabled = "disabled"
        }

        var fullName: String?
        var isPrivate: Bool?
        var defaultBranch: String?
        var pushedAt: UnixTime?
        var updatedAt: UnixTime?
        var isArchived: Bool?
        var isDisabled: Bool?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            fullName = container.text(.fullName)
            isPrivate = container.flag(.isPrivate)
            defaultBranch = container.text(.defaultBranch)
            // Seconds in a push, and a date elsewhere.
            pushedAt =
                container.wholeNumber(.pushedAt).flatMap(Self.instant)
                ?? container.text(.pushedAt).flatMap(ISO8601Instant.parse)
            updatedAt = container.text(.updatedAt).flatMap(ISO8601Instant.parse)
            isArchived = container.flag(.isArchived)
            isDisabled = container.flag(.isDisabled)
        }

        private static func instant(seconds: Int64) -> UnixTime? {
            (0...9_000_000_000).contains(seconds) ? UnixTime(seconds: seconds) : nil
        }
    }

    private enum CodingKeys: String, CodingKey {
        case action, repository, changes, from, name, repositories
        case added = "repositories_added"
        case removed = "repositories_removed"
    }

    var action: String
    var repository: Repository?
    /// The repositories that it names, each as `owner/name`.
    var fullNames: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        action = container.text(.action) ?? ""
        let repository = try? container.decode(Repository.self, forKey: .repository)
        self.repository = repository
        let others = [CodingKeys.repositories, .added, .removed].flatMap { key in
            container.elements(Repository.self, key, max: Self.repositoriesMax)
        }
        fullNames = [repository?.fullName, Self.formerName(of: repository, container)].compactMap(\.self)
        fullNames += others.compactMap(\.fullName)
    }

    /// `changes.repository.name.from`, under the owner of today.
    private static func formerName(
        of repository: Repository?, _ container: KeyedDecodingContainer<CodingKeys>
    ) -> String? {
        let changes = try? container.nestedContainer(keyedBy: CodingKeys.self, forKey: .changes)
        let changed = try? changes?.nestedContainer(keyedBy: CodingKeys.self, forKey: .repository)
        let name = try? changed?.nestedContainer(keyedBy: CodingKeys.self, forKey: .name)
        guard let former = name?.text(.from), let owner = repository?.fullName?.split(separator: "/").first else {
            return nil
        }
        return "\(owner)/\(former)"
    }
}

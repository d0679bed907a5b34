import FoundationEssentials
package import HTTPClient
import StatusCore
package import StatusModel

/// What the newest commit's probe found out. It colours the reading and never fails it.
package enum GitHubCommits: String, Hashable, Sendable {
    case present
    /// The repository has no commit yet.
    case empty
    /// The token may see the repository and not its contents.
    case refused
    /// GitHub has an answer, and it settles nothing until the next push.
    case inconclusive

    /// Reads an answer; nil when it is none, and the probe has to be made again.
    package init?(_ response: HTTPResponse, now: UnixTime) {
        switch response.status {
        case 200:
            struct Commit: Decodable {}
            guard let commits = try? JSONDecoder().decode([Commit].self, from: Data(response.body)) else { return nil }
            self = commits.isEmpty ? .empty : .present
        case 409: self = .empty
        case 404, 422, 451: self = .inconclusive
        case 403:
            guard GitHubClassifier.failure(for: response, now: now).code == .missingScope else { return nil }
            self = .refused
        default: return nil
        }
    }
}

package import StatusCore
import StatusModel

/// What is to be deployed, by the payload: the newest deployment of the environment once more, with the latest commit, or
/// a state of the repository.
package struct VercelDeployOrder: Hashable, Sendable {
    /// The longest name of a branch or tag, in bytes; Git's own hosts permit 255.
    package static let refBytesMax = 256

    /// A state of a repository.
    package struct GitState: Hashable, Sendable {
        /// Branch or tag.
        package var ref: String
        /// The commit, where it is not the ref's newest.
        package var sha: String?
        /// The repository that the caller expects the project to be linked to: no other is deployed. Nil for whichever it is.
        package var repository: GitHubRepositoryPath?

        package init(ref: String, sha: String? = nil, repository: GitHubRepositoryPath? = nil) {
            self.ref = ref
            self.sha = sha
            self.repository = repository
        }
    }

    package let isProduction: Bool
    /// Nil to deploy once more what was deployed last.
    package let git: GitState?

    /// Reads `{"ref":"main","sha":"…","repo":"owner/name"}`, or nothing.
    ///
    /// - Throws: ``ActionFailure`` with the member that is wrong.
    package init(_ payload: [UInt8], isProduction: Bool) throws(ActionFailure) {
        let payload = try ActionPayload(payload, taking: ["ref", "sha", "repo"])
        self.isProduction = isProduction
        guard let ref = try payload.word("ref", bytesMax: Self.refBytesMax) else {
            for name in ["sha", "repo"] where payload.has(name) { throw .invalid(name, "needs a ref beside it") }
            git = nil
            return
        }
        let sha = try payload.word("sha", bytesMax: 64)
        guard sha.map(Self.isCommit) ?? true else {
            throw .invalid("sha", "must be a commit's 40 or 64 hexadecimal digits")
        }
        git = GitState(ref: ref, sha: sha, repository: try payload.repository("repo"))
    }

    package var plan: ActionPlan {
        ActionPlan(
            OperationWords(git.map { "Deploys \($0.ref) to \(place)" } ?? plain, generic: plain), isSending: true)
    }

    /// `production` or `preview`.
    package var place: String { isProduction ? "production" : "preview" }

    private var plain: String { "Deploys to \(place)" }

    private static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy {
                UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9")
                    || UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "f")
            }
    }
}

extension ActionPayload {
    /// A repository of GitHub's as `owner/name`; nil where the member is not there.
    func repository(_ name: String) throws(ActionFailure) -> GitHubRepositoryPath? {
        guard let text = try word(name, bytesMax: GitHubRepositoryPath.lengthBytesMax) else { return nil }
        guard let path = GitHubRepositoryPath(fullName: text) else {
            throw .invalid(name, "must be a repository as owner/name")
        }
        return path
    }
}

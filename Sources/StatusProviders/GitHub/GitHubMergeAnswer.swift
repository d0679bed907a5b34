import FoundationEssentials
package import StatusCore

/// What `POST …/merge-upstream` answers: how the branch came to what its upstream has.
package enum GitHubMergeAnswer: String, CaseIterable, Hashable, Sendable {
    case fastForward = "fast-forward"
    case merge
    /// It had it already.
    case none

    /// Nil when the body says none of the known ways.
    package init?(json body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else { return nil }
        self.init(rawValue: wire.type)
    }

    /// The end of the action.
    package func result(branch: String) -> ActionResult {
        let words =
            switch self {
            case .fastForward: "Fast-forwarded from upstream"
            case .merge: "Merged from upstream"
            case .none: "Already up to date with upstream"
            }
        let result = JSONValue.object(["branch": .string(branch), "merge_type": .string(rawValue)])
        return ActionResult(OperationWords(words), json: result.bytes ?? [])
    }

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case type = "merge_type"
        }

        var type: String
    }
}

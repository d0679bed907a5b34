import FoundationEssentials
import StatusModel

/// The requests that change something (providers.md §2.2).
extension GitHubSimulation {
    private static let documentation = GitHubAnswers.documentation + "/repos/repos#create-a-repository-dispatch-event"

    /// Carries out what the caller may do.
    mutating func order(
        _ call: GitHubCall, _ part: GitHubCall.Resource.Part, _ repository: GitHubRepository, now: UnixTime
    ) -> SimulatedAnswer {
        var repository = repository
        let answer: SimulatedAnswer =
            switch part {
            case .dispatch: Self.dispatch(call.request, &repository)
            case .workflow(let name): Self.run(name, call.request, &repository)
            case .mergeUpstream: Self.merge(call.request, &repository, now: now)
            case .repository, .commits, .branch: GitHubAnswers.notFound
            }
        repositories[repository.id] = repository
        return answer
    }

    private static func dispatch(_ request: SimulatedRequest, _ repository: inout GitHubRepository) -> SimulatedAnswer {
        guard let order: Event = decoded(request), let type = order.eventType, (1...100).contains(type.count) else {
            return rejected("Invalid request.\n\n\"event_type\" wasn't supplied.")
        }
        guard (order.clientPayload?.count ?? 0) <= 10 else {
            return rejected("No more than 10 properties are allowed; client_payload has more.")
        }
        repository.dispatches += 1
        return SimulatedAnswer(status: 204)
    }

    private static func run(
        _ name: String, _ request: SimulatedRequest, _ repository: inout GitHubRepository
    ) -> SimulatedAnswer {
        guard let order: Run = decoded(request), let ref = order.ref else {
            return rejected("Invalid request.\n\n\"ref\" wasn't supplied.")
        }
        guard repository.workflows.contains(name) else {
            return name.hasSuffix(".yml") || name.hasSuffix(".yaml")
                ? rejected("Workflow does not have 'workflow_dispatch' trigger") : GitHubAnswers.notFound
        }
        guard repository.branches[ref] != nil else { return rejected("No ref found for: \(ref)") }
        repository.dispatches += 1
        return SimulatedAnswer(status: 204)
    }

    private static func merge(
        _ request: SimulatedRequest, _ repository: inout GitHubRepository, now: UnixTime
    ) -> SimulatedAnswer {
        guard let order: Merge = decoded(request), let branch = order.branch else {
            return rejected("Invalid request.\n\n\"branch\" wasn't supplied.")
        }
        guard repository.isFork else { return rejected("The repository is not a fork.") }
        guard repository.branches[branch] != nil else { return GitHubAnswers.branchNotFound }
        guard repository.behind > 0 else {
            return merged("none", "This branch is not behind the upstream upstream:\(branch).", branch)
        }
        guard !repository.hasConflict else { return GitHubAnswers.error(409, "There are merge conflicts") }
        // The branch has a place: it is there already.
        guard (try? repository.push(branch: branch, message: "From upstream", author: "upstream", at: now)) != nil
        else {
            return GitHubAnswers.failure(status: 500)
        }
        repository.behind = 0
        return merged(
            "fast-forward", "Successfully fetched and fast-forwarded from upstream upstream:\(branch).", branch)
    }

    private static func merged(_ type: String, _ message: String, _ branch: String) -> SimulatedAnswer {
        .json(200, ["message": message, "merge_type": type, "base_branch": "upstream:\(branch)"])
    }

    private static func rejected(_ message: String) -> SimulatedAnswer {
        GitHubAnswers.error(422, message, documentation: documentation)
    }

    private static func decoded<Body: Decodable>(_ request: SimulatedRequest) -> Body? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(Body.self, from: Data(request.body))
    }

    private struct Event: Decodable {
        struct Anything: Decodable {
            init(from decoder: any Decoder) throws {}
        }

        var eventType: String?
        var clientPayload: [String: Anything]?
    }

    private struct Run: Decodable {
        var ref: String?
    }

    private struct Merge: Decodable {
        var branch: String?
    }
}

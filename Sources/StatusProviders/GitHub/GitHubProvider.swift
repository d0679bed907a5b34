package import HTTPClient
package import StatusCore
import StatusModel

/// Reads a repository's state from GitHub's REST API, github.com or an Enterprise host (providers.md §2).
///
/// One conditional request in the ordinary case, which costs nothing of the rate limit while the repository is
/// unchanged. After the first read, requests go out one after another, as GitHub asks. What an answer means is decided elsewhere:
/// ``GitHubClassifier`` for refusals, ``GitHubRecord`` for the reading.
package struct GitHubProvider: Provider {
    private let transport: any HTTPTransport
    private let digest: DigestFunction
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - digest: One-way; ties what is remembered to the token without holding it.
    ///   - userAgent: Whom GitHub shall see; it refuses a request without one.
    package init(transport: any HTTPTransport, digest: @escaping DigestFunction, userAgent: String = "telltale") {
        self.transport = transport
        self.digest = digest
        self.userAgent = userAgent
    }

    package func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading {
        guard case .github(let target) = request.link.target else { throw Self.foreignLink }
        let requests = try GitHubRequests(target: target, secret: request.secret, userAgent: userAgent)
        let validator = requests.validator(digest)
        let known = GitHubRecord(memo: request.previous?.memo ?? [:], validator: validator)
        let fresh = GitHubExchange(
            ProviderExchange(
                transport: transport, provider: "GitHub", now: request.now, deadline: request.deadline))
        // The first read has nothing to go by, and somebody may be waiting for it: its probes go side by side.
        async let early = known == nil ? Self.newestCommit(requests, fresh) : nil
        var exchange = fresh

        let (answer, path) = try await repository(requests, known, &exchange, now: request.now.wall)
        var record: GitHubRecord
        switch answer.status {
        case 200:
            guard let new = GitHubRecord(answer, validator: validator) else { throw GitHubClassifier.unreadable }
            record = new
            if path != requests.linked {
                (record.renamedTo, record.renamedAt) = (new.repository.path, known?.renamedAt)
            } else if answer.movedPermanently {
                (record.renamedTo, record.renamedAt) = (new.repository.path, request.now.wall)
            }
        case 304:
            guard let known, known.etag != nil else { throw GitHubClassifier.unreadable }
            record = known
            record.token = known.token.updated(by: GitHubToken(answer.headers))
        case 404 where request.secret != nil:
            throw await absence(answer, requests, &exchange)
        default:
            throw GitHubClassifier.failure(for: answer, now: exchange.answeredAt)
        }
        let probe =
            known == nil
            ? await early.map { ($0, nil) }
            : await probeCommits(of: &record, known: known, requests, &exchange, now: request.now.wall)
        // A limit may strike the probe alone, and holds for the repository as well.
        var notBefore: UnixTime?
        if let (answer, etag) = probe {
            record.note(commits: answer, sentETag: etag, now: request.now.wall)
            notBefore = GitHubClassifier.limit(in: answer, now: request.now.wall.advanced(by: answer.elapsed))
        }
        var reading = record.reading(at: request.now, budget: exchange.budget)
        reading.notBefore = notBefore
        return reading
    }

    /// Asks for the repository: under its new name first once it was renamed, and under the linked one if that is gone, or
    /// has not been asked for in a day. Whatever that leads to then, no ETag stands for it.
    private func repository(
        _ requests: GitHubRequests, _ known: GitHubRecord?, _ exchange: inout GitHubExchange, now: UnixTime
    ) async throws(ProviderFailure) -> (answer: HTTPResponse, path: GitHubRepositoryPath) {
        let renamedTo = known?.rename(standingAt: now)
        let path = renamedTo ?? requests.linked
        let isKnown = known?.renamedTo == renamedTo
        let answer = try await exchange.send(requests.repository(at: path, etag: isKnown ? known?.etag : nil))
        guard answer.status == 404, path != requests.linked else { return (answer, path) }
        return (try await exchange.send(requests.repository(at: requests.linked, etag: nil)), requests.linked)
    }

    /// Tells what a 404 stands for: only the token's owner can say whether the token is dead.
    private func absence(
        _ refusal: HTTPResponse, _ requests: GitHubRequests, _ exchange: inout GitHubExchange
    ) async -> ProviderFailure {
        let notFound = GitHubClassifier.failure(for: refusal, now: exchange.answeredAt)
        // A probe without an answer leaves the 404 as it stands.
        guard let answer = try? await exchange.send(requests.user()), answer.status != 200 else { return notFound }
        let failure = GitHubClassifier.failure(for: answer, now: exchange.answeredAt)
        return failure.code == .oauthRevoked ? failure : notFound.obeying([failure])
    }

    /// Looks whether there are commits at all, which `pushed_at` does not tell; once per push (providers.md §9).
    private func probeCommits(
        of record: inout GitHubRecord, known: GitHubRecord?, _ requests: GitHubRequests,
        _ exchange: inout GitHubExchange, now: UnixTime
    ) async -> (answer: HTTPResponse, sentETag: String?)? {
        let repository = record.repository
        if let known, known.commitsStand(beside: repository, now: now) {
            (record.commits, record.commitsETag, record.commitsAt) = (known.commits, known.commitsETag, known.commitsAt)
            return nil
        }
        let etag = known?.repository.defaultBranch == repository.defaultBranch ? known?.commitsETag : nil
        (record.commits, record.commitsETag, record.commitsAt) = (nil, etag, nil)
        // A spent limit is left for the repository itself. Without an answer the next read makes the probe again.
        guard exchange.budget?.remaining != 0,
            let answer = try? await exchange.send(
                requests.newestCommit(
                    at: record.renamedTo ?? requests.linked, branch: repository.defaultBranch, etag: etag))
        else { return nil }
        return (answer, etag)
    }

    /// The newest commit of whatever branch is the default one; nil without an answer.
    private static func newestCommit(_ requests: GitHubRequests, _ exchange: GitHubExchange) async -> HTTPResponse? {
        var exchange = exchange
        return try? await exchange.send(requests.newestCommit(at: requests.linked, branch: "", etag: nil))
    }

    private static let foreignLink = ProviderFailure(
        code: .misconfigured, cause: .host, hint: "The link is not one to GitHub; correct the configuration.",
        disposition: .replaces)
}

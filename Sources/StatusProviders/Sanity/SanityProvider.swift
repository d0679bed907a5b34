package import HTTPClient
package import StatusCore
import StatusModel

/// Reads a dataset's recent changes and its webhooks' health from Sanity (providers.md §4).
///
/// The documents decide whether there is a reading at all. The project and the webhooks are asked side by side with
/// them, every five minutes, and what was known of them stands in between. What an answer means is decided elsewhere:
/// ``SanityClassifier`` for refusals, ``SanityRecord`` for the reading.
package struct SanityProvider: Provider {
    private let transport: any HTTPTransport
    private let digest: DigestFunction
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - digest: One-way; ties what is remembered to the token without holding it.
    ///   - userAgent: Whom Sanity shall see.
    package init(transport: any HTTPTransport, digest: @escaping DigestFunction, userAgent: String = "telltale") {
        self.transport = transport
        self.digest = digest
        self.userAgent = userAgent
    }

    package func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading {
        guard case .sanity(let target) = request.link.target else { throw Self.foreignLink }
        let now = request.now.wall
        let requests = try SanityRequests(target: target, secret: request.secret, userAgent: userAgent)
        let validator = requests.validator(digest)
        let known =
            SanityRecord(memo: request.previous?.memo ?? [:], validator: validator)
            ?? SanityRecord(validator: validator)
        let exchange = ProviderExchange(
            transport: transport, provider: "Sanity", now: request.now,
            deadline: request.deadline.advanced(by: .zero - ProviderExchange.deadlineMargin))
        let probe = SanityWebhookProbe(requests: requests, exchange: exchange, dataset: target.dataset, now: now)

        let asksProject = requests.isAuthenticated && known.isProjectDue(at: now)
        async let project = asksProject ? Self.project(requests, exchange) : nil
        async let webhooks = probe.update(known.webhooks)
        async let documents = Self.documents(requests, exchange, now: now)

        var record = known
        let (foundProject, foundWebhooks, foundDocuments) = await (project, webhooks, documents)
        // A blocked project answers queries with refusals that say less.
        if foundProject?.isBlocked == true { throw SanityClassifier.blockedProject }
        if asksProject { record.note(project: foundProject, now: now) }
        record.webhooks = foundWebhooks
        return record.reading(
            documents: try Self.documents(foundDocuments, beside: foundWebhooks), of: target, at: request.now)
    }

    /// The documents, or their failure with what the webhooks ask for, which a failed read does not remember.
    private static func documents(
        _ result: Result<SanityDocuments, ProviderFailure>, beside webhooks: SanityWebhooks
    ) throws(ProviderFailure) -> SanityDocuments {
        do throws(ProviderFailure) {
            return try result.get()
        } catch {
            var failure = error
            if let heldUntil = webhooks.heldUntil {
                failure.retryAfter = max(heldUntil, failure.retryAfter ?? heldUntil)
            }
            throw failure
        }
    }

    /// The documents, once they say something: nothing at all proves nothing where no token is.
    private static func documents(
        _ requests: SanityRequests, _ exchange: ProviderExchange, now: UnixTime
    ) async -> Result<SanityDocuments, ProviderFailure> {
        var exchange = exchange
        do throws(ProviderFailure) {
            let answer = try await exchange.send(requests.changes(now: now))
            guard answer.status == 200 else {
                throw SanityClassifier.failure(for: answer, now: exchange.answeredAt)
            }
            guard let documents = SanityDocuments(json: answer.body) else { throw SanityClassifier.unreadable }
            if documents.isEmpty {
                if documents.isMissingPermission { throw SanityClassifier.missingPermission }
                if !requests.isAuthenticated { throw SanityClassifier.anonymousEmptiness }
            }
            return .success(documents)
        } catch {
            return .failure(error)
        }
    }

    /// The project; nil when it cannot be had.
    private static func project(_ requests: SanityRequests, _ exchange: ProviderExchange) async -> SanityProject? {
        var exchange = exchange
        return (try? await exchange.send(requests.project())).flatMap(SanityProject.init)
    }

    private static let foreignLink = ProviderFailure(
        code: .misconfigured, cause: .host, hint: "The link is not one to Sanity; correct the configuration.",
        disposition: .replaces)
}

import LinuxSystem
package import StatusCore
package import StatusEngine
import StatusModel
import StatusProviders
import StatusWire
import Synchronization
import TTRPCCore

/// `IngestWebhook`: finds out whether a delivery is genuine, and hands it to the engine if it is.
///
/// Whoever makes a delivery up gets one answer, whatever is wrong with it, and whether or not its project is linked here.
package struct WebhookMethod: Sendable {
    /// The most secrets that are tried for a delivery that comes without its project: whoever makes one up costs no more.
    package static let secretsTriedMax = 64

    let engine: StatusEngine
    let credentials: any CredentialSource
    let time: any TimeSource
    let logger: Logger
    private let hasToldOfMore = ToldOnce()

    /// - Parameters:
    ///   - engine: Who takes what is genuine.
    ///   - credentials: Has the secrets. Each is read for each use, so a new one counts at once.
    ///   - time: Its wall clock says whether a signature is timely.
    ///   - logger: Hears why a delivery was refused.
    package init(
        engine: StatusEngine, credentials: any CredentialSource, time: any TimeSource, logger: Logger
    ) {
        self.engine = engine
        self.credentials = credentials
        self.time = time
        self.logger = logger
    }

    /// Answered once what it says is durable, so that whoever has an answer need not hand it on again.
    func ingest(_ delivery: WebhookDelivery, _ caller: Principal) async throws(RPCStatus) -> WebhookReceipt {
        guard caller.role >= .editor else {
            throw CallErrors.denied("The role \(caller.role.rawValue) may look and not hand on webhooks.")
        }
        let genuine = try await genuineProjects(of: delivery, caller)
        guard let webhook = WebhookReader.webhook(in: delivery) else { throw CallErrors.unreadable(delivery) }
        let receipt: WebhookReceipt
        do throws(StoreError) {
            receipt = try await engine.take(webhook, from: delivery.provider, for: genuine)
        } catch {
            throw CallErrors.webhookNotKept(error, caller.role)
        }
        FailPoint.pass("webhook.acknowledge.before")
        return receipt
    }

    /// The links that it may be about: the named project's, or those that it names itself.
    private func links(of delivery: WebhookDelivery) async throws(RPCStatus) -> [WebhookLink] {
        guard let project = delivery.projectID else {
            guard delivery.provider != .supabase else {
                throw CallErrors.invalid("project_id", "is required: Supabase's webhooks do not tell their project")
            }
            return await engine.webhookLinks(of: delivery.provider, named: WebhookReader.names(in: delivery))
        }
        guard engine.board[project] != nil else { throw CallErrors.unknownProject(project) }
        guard let link = await engine.webhookLink(of: delivery.provider, in: project) else {
            throw CallErrors.lacksWebhookSecret(delivery.provider, of: project)
        }
        return [link]
    }

    /// The projects whose own secrets signed it; none for one that is genuine and concerns nobody here.
    private func genuineProjects(
        of delivery: WebhookDelivery, _ caller: Principal
    ) async throws(RPCStatus) -> [ProjectID] {
        let links = try await links(of: delivery)
        var check = WebhookCheck()
        for secret in await secrets(of: links, for: delivery) {
            await check.add(self.check(delivery, by: secret), secret)
        }
        guard check.signers.isEmpty else {
            return links.filter { !check.signers.isDisjoint(with: $0.secrets) }.map(\.project)
        }
        // The secret that cannot be read may be the one that signed it. Who may not configure it is told what anybody is, or
        // the answer would say what is linked.
        if check.verdict == .mismatched, !links.isEmpty, caller.role >= .admin, let failure = check.unreadable {
            throw CallErrors.secretUnreadable(failure)
        }
        throw refused(delivery, check.verdict)
    }

    /// What is tried for a delivery, each secret once, however many projects share it.
    private func secrets(of links: [WebhookLink], for delivery: WebhookDelivery) async -> [CredentialReference] {
        guard delivery.projectID == nil else { return links.flatMap(\.secrets) }
        var known: Set<CredentialReference> = []
        // An organisation's hook tells also of repositories that are not linked: any secret of its provider will do.
        let secrets =
            links.isEmpty
            ? await engine.webhookSecrets(of: delivery.provider, limit: Self.secretsTriedMax + 1)
            : links.flatMap(\.secrets).filter { known.insert($0).inserted }
        if secrets.count > Self.secretsTriedMax, hasToldOfMore.isFirst() {
            logger.warning(
                "webhook fits more secrets than are tried; hand such webhooks on with their project",
                [.text("provider", delivery.provider.rawValue), .number("tried", Int64(Self.secretsTriedMax))])
        }
        return Array(secrets.prefix(Self.secretsTriedMax))
    }

    private func check(
        _ delivery: WebhookDelivery, by reference: CredentialReference
    ) async -> Result<WebhookVerdict, ProviderFailure> {
        do throws(ProviderFailure) {
            let secret = try await credentials.secret(for: reference)
            return .success(WebhookSigning.verdict(on: delivery, secrets: [secret], now: time.now.wall))
        } catch {
            return .failure(error)
        }
    }

    private func refused(_ delivery: WebhookDelivery, _ verdict: WebhookVerdict) -> RPCStatus {
        logger.warning(
            "webhook refused",
            [
                .text("provider", delivery.provider.rawValue), .text("reason", verdict.rawValue),
                .text("projectId", delivery.projectID?.rawValue ?? ""),
            ])
        return CallErrors.notGenuine
    }
}

/// How a delivery fared with the secrets that were tried.
private struct WebhookCheck {
    /// Those that signed it.
    var signers: Set<CredentialReference> = []
    /// What is wrong with it where none did.
    var verdict = WebhookVerdict.mismatched
    /// Why a secret could not be read.
    var unreadable: ProviderFailure?

    mutating func add(_ result: Result<WebhookVerdict, ProviderFailure>, _ secret: CredentialReference) {
        switch result {
        case .success(.genuine): signers.insert(secret)
        case .success(let verdict): self.verdict = verdict
        case .failure(let failure): unreadable = unreadable ?? failure
        }
    }
}

/// Something that is told once.
private final class ToldOnce: Sendable {
    private let isTold = Atomic<Bool>(false)

    func isFirst() -> Bool { !isTold.exchange(true, ordering: .relaxed) }
}

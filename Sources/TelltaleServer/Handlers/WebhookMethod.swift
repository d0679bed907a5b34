import LinuxSystem
package import StatusCore
package import StatusEngine
import StatusModel
import StatusProviders
import StatusWire
import TTRPCCore

/// `IngestWebhook`: finds out whether a delivery is genuine, and hands it to the engine if it is.
///
/// Whoever makes a delivery up gets one answer, whatever is wrong with it, and whether or not its project is linked here.
package struct WebhookMethod: Sendable {
    /// The most secrets that are tried for a delivery of which no project is linked here.
    private static let foreignSecretsMax = 64

    let engine: StatusEngine
    let credentials: any CredentialSource
    let time: any TimeSource
    let logger: Logger

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
            throw RPCStatus(.permissionDenied, "The role \(caller.role.rawValue) may look and not hand on webhooks.")
        }
        let genuine = try await genuineProjects(of: delivery)
        guard let webhook = WebhookReader.webhook(in: delivery) else { throw CallErrors.unreadable(delivery) }
        let receipt: WebhookReceipt
        do throws(StoreError) {
            receipt = try await engine.take(webhook, from: delivery.provider, for: genuine)
        } catch {
            throw CallErrors.webhookNotKept(error)
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
    private func genuineProjects(of delivery: WebhookDelivery) async throws(RPCStatus) -> [ProjectID] {
        let links = try await links(of: delivery)
        guard !links.isEmpty else {
            // An organisation's hook tells also of repositories that are not linked: any secret of its provider will do.
            let secrets = await engine.webhookSecrets(of: delivery.provider, limit: Self.foreignSecretsMax)
            let check = await check(delivery, by: secrets)
            guard check.verdict == .genuine else { throw refused(delivery, check.verdict) }
            return []
        }
        var genuine: [ProjectID] = []
        var failed = WebhookCheck(verdict: .mismatched)
        for link in links {
            let check = await check(delivery, by: link.secrets)
            if check.verdict == .genuine { genuine.append(link.project) } else { failed.add(check) }
        }
        guard genuine.isEmpty else { return genuine }
        // The secret that cannot be read may be the one that signed it.
        if failed.verdict == .mismatched, let failure = failed.unreadable { throw CallErrors.secretUnreadable(failure) }
        throw refused(delivery, failed.verdict)
    }

    private func check(_ delivery: WebhookDelivery, by references: [CredentialReference]) async -> WebhookCheck {
        var secrets: [Secret] = []
        var unreadable: ProviderFailure?
        for reference in references {
            do throws(ProviderFailure) { secrets.append(try await credentials.secret(for: reference)) } catch {
                unreadable = error
            }
        }
        return WebhookCheck(
            verdict: WebhookSigning.verdict(on: delivery, secrets: secrets, now: time.now.wall), unreadable: unreadable)
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

/// How a delivery fared with the secrets of a link.
private struct WebhookCheck {
    var verdict: WebhookVerdict
    /// Why a secret could not be read.
    var unreadable: ProviderFailure?

    mutating func add(_ other: Self) { self = Self(verdict: other.verdict, unreadable: unreadable ?? other.unreadable) }
}

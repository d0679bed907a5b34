import Locks
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TTRPCCore
import TelltaleServer
import TestSupport
import Testing

@Suite("The secrets that a webhook is tried with", .timeLimit(.minutes(1)))
struct WebhookSecretsTests {
    /// Each secret is its variable's name, but for one that nobody can read; counts who asks.
    private final class Secrets: CredentialSource {
        private let asked = Lock<[String]>([])

        var names: [String] { asked.withLock { $0 } }

        func version(of reference: CredentialReference) async -> CredentialVersion? { nil }

        func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
            guard case .environment(let name) = reference, name != "GONE" else {
                throw ProviderFailure(
                    code: .misconfigured, cause: .host, hint: "The secret is not there.", disposition: .keepsLast)
            }
            asked.withLock { $0.append(name) }
            return Secret(name)
        }
    }

    private func linked(_ count: Int, _ secret: (Int) -> String) -> [ProjectDefinition] {
        (0..<count).map { number in
            var definition = project("project-\(number)")
            definition.links[.provider(.github)] = Link(
                target: .github(GitHubTarget(owner: "octo-org", repository: "github")))
            definition.webhookSecrets[.github] = [.environment(name: secret(number))]
            return definition
        }
    }

    private func failure(
        _ delivery: WebhookDelivery, _ client: TestClient, role: String? = nil
    ) async -> RPCStatus? {
        await failureOf {
            _ = try await client.call(
                "telltale.v1.IngestService", "IngestWebhook", delivery.encoded(in: MessageArena()), role: role,
                as: WebhookReceipt.self)
        }
    }

    @Test("one that many projects share is tried once, and signs for all of them")
    func shared() async throws {
        let secrets = Secrets()
        try await ServerRig(credentials: secrets).run(linked(40) { $0 < 39 ? "SHARED" : "OTHER" }) { rig in
            let client = try await rig.client()
            let delivery = WebhookSamples.github(body: WebhookSamples.push(at: rig.time.now.wall), secret: "SHARED")
            let receipt = try await client.call(
                "telltale.v1.IngestService", "IngestWebhook", delivery.encoded(in: MessageArena()),
                as: WebhookReceipt.self)
            #expect(receipt.events.count == 39)
            #expect(secrets.names.sorted() == ["OTHER", "SHARED"])
        }
    }

    @Test("whoever makes one up has a bounded number tried, linked here or not, which is told once")
    func bounded() async throws {
        let secrets = Secrets()
        let most = WebhookMethod.secretsTriedMax
        try await ServerRig(credentials: secrets).run(linked(most + 10) { "SECRET_\($0)" }) { rig in
            let client = try await rig.client()
            for name in ["octo-org/github", "octo-org/elsewhere"] {
                let before = secrets.names.count
                let body = WebhookSamples.push(to: name, at: rig.time.now.wall)
                let error = await failure(WebhookSamples.github(body: body, secret: "made up"), client)
                #expect(error?.code == .unauthenticated)
                #expect(secrets.names.count - before == most)
            }
            #expect(rig.logSink.records.count { $0.message.hasPrefix("webhook fits more secrets") } == 1)
            // Who names the project is not in doubt.
            let body = WebhookSamples.push(at: rig.time.now.wall)
            let last = WebhookSamples.github(body: body, secret: "SECRET_73", project: "project-73")
            #expect(await failure(last, client) == nil)
        }
    }

    @Test("that a secret cannot be read is told to those who may configure it, and to nobody else")
    func unreadable() async throws {
        try await ServerRig(credentials: Secrets()).run(linked(1) { _ in "GONE" }) { rig in
            let client = try await rig.client(.owner)
            for project in [nil, "project-0"] {
                let body = WebhookSamples.push(at: rig.time.now.wall)
                let delivery = WebhookSamples.github(body: body, secret: "made up", project: project)
                for (role, code) in [
                    ("owner", StatusCode.unavailable), ("admin", .unavailable), ("editor", .unauthenticated),
                ] {
                    #expect(await failure(delivery, client, role: role)?.code == code)
                }
            }
        }
    }
}

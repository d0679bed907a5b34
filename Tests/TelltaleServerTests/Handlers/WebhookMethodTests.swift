import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TelltaleServer
import TestSupport
import Testing

@Suite("Taking webhooks", .timeLimit(.minutes(1)))
struct WebhookMethodTests {
    /// Secrets by the name of their variable.
    private struct Secrets: CredentialSource {
        private static let known = ["NEW": WebhookSamples.secret, "OLD": "the one before"]

        func version(of reference: CredentialReference) async -> CredentialVersion? { nil }

        func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
            guard case .environment(let name) = reference, let secret = Self.known[name] else {
                throw ProviderFailure(
                    code: .misconfigured, cause: .host, hint: "The secret is not there.", disposition: .keepsLast)
            }
            return Secret(secret)
        }
    }

    /// A project that links `octo-org/github`, and the secrets of these variables.
    private func linked(_ id: String = "shop", _ names: [String] = ["NEW"]) -> ProjectDefinition {
        var definition = project(id)
        definition.links[.provider(.github)] = Link(
            target: .github(GitHubTarget(owner: "octo-org", repository: "github")))
        definition.webhookSecrets[.github] = names.map { .environment(name: $0) }
        return definition
    }

    private func push(
        _ rig: ServerRig, id: String = "1", ago seconds: Int64 = 1, secret: String = WebhookSamples.secret
    ) -> WebhookDelivery {
        let time = rig.time.now.wall.advanced(by: .seconds(-seconds))
        return WebhookSamples.github(id: id, body: WebhookSamples.push(at: time), secret: secret)
    }

    private func send(
        _ delivery: WebhookDelivery, _ client: TestClient, role: String? = nil
    ) async throws -> WebhookReceipt {
        try await client.call(
            "telltale.v1.IngestService", "IngestWebhook", delivery.encoded(in: MessageArena()), role: role,
            as: WebhookReceipt.self)
    }

    @Test("a push is in the watch by the time it is answered; handed on again it is a duplicate and no event")
    func taken() async throws {
        try await ServerRig(credentials: Secrets()).run([linked()]) { rig in
            let client = try await rig.client(.editor)
            let watch = try await client.watch(WatchRequest(kinds: ["github:*"]))
            guard case .snapshot = try await watch.next() else {
                Issue.record("A watch begins with a snapshot.")
                return
            }
            let receipt = try await send(push(rig), client)
            #expect(receipt.events.count == 1 && !receipt.isDuplicate)
            let again = try await send(push(rig), client)
            #expect(again == WebhookReceipt(events: receipt.events, isDuplicate: true))
            let next = try await send(push(rig, id: "2", ago: 0), client)
            let events = [try await watch.nextEvent(), try await watch.nextEvent()]
            #expect(events.map { $0?.id } == receipt.events + next.events.prefix(1))
            #expect(events.map { $0?.kind } == ["github:push", "github:push"])
        }
    }

    @Test("all that is not genuine gets one answer, linked here or not, and the log knows why")
    func forged() async throws {
        try await ServerRig(credentials: Secrets()).run([linked()]) { rig in
            let client = try await rig.client()
            let good = push(rig)
            let elsewhere = WebhookSamples.github(
                body: WebhookSamples.push(to: "octo-org/elsewhere", at: rig.time.now.wall), secret: "made up")
            let forged = [
                push(rig, secret: "made up"), good.with("x-hub-signature-256", nil),
                good.with("x-hub-signature-256", "sha1=00"), elsewhere,
                WebhookSamples.github(body: "no JSON", secret: "made up"),
            ]
            for delivery in forged {
                for named in [nil, ProjectID("shop")] {
                    var delivery = delivery
                    delivery.projectID = named
                    let error = await failureOf { _ = try await send(delivery, client) }
                    #expect(error?.code == .unauthenticated)
                    #expect(error?.message == "The delivery is not signed as it must be.")
                }
            }
            #expect(rig.logSink.records.count { $0.message == "webhook refused" } == 10)
            #expect(rig.entry()?.snapshot.record(of: .provider(.github))?.reading == nil)
        }
    }

    @Test("a genuine one of a repository that nobody links is answered without events")
    func foreign() async throws {
        try await ServerRig(credentials: Secrets()).run([linked()]) { rig in
            let client = try await rig.client()
            let foreign = WebhookSamples.github(
                body: WebhookSamples.push(to: "octo-org/elsewhere", at: rig.time.now.wall))
            #expect(try await send(foreign, client) == WebhookReceipt())
            let ping = WebhookSamples.github("ping", body: #"{"zen":"Keep it simple."}"#)
            #expect(try await send(ping, client) == WebhookReceipt())
        }
    }

    @Test("while a secret is changed either one is good; one that cannot be read is told")
    func rotation() async throws {
        try await ServerRig(credentials: Secrets()).run([linked("shop", ["NEW", "OLD"]), linked("docs", ["GONE"])]) {
            rig in
            let client = try await rig.client()
            var delivery = push(rig, secret: "the one before")
            delivery.projectID = ProjectID("shop")
            #expect(try await send(delivery, client).events.count == 1)
            delivery.projectID = ProjectID("docs")
            let error = await failureOf { _ = try await send(delivery, client) }
            #expect(error?.code == .unavailable)
            #expect(error?.message == "The secret is not there.")
            // It is nobody else's trouble.
            var unnamed = push(rig, id: "2", ago: 0)
            unnamed.projectID = nil
            #expect(try await send(unnamed, client).events.isEmpty == false)
        }
    }

    @Test("without a secret the sentence says what to configure; Supabase's must name its project")
    func unconfigured() async throws {
        try await ServerRig(credentials: Secrets()).run { rig in
            let client = try await rig.client()
            var delivery = push(rig)
            delivery.projectID = ProjectID("shop")
            let missing = await failureOf { _ = try await send(delivery, client) }
            #expect(missing?.code == .failedPrecondition)
            #expect(missing?.message.contains("add webhookSecret: \"file:/…\" to the project's section github") == true)
            delivery.projectID = ProjectID("nowhere")
            #expect(await failureOf { _ = try await send(delivery, client) }?.code == .notFound)
            var database = WebhookSamples.database()
            database.projectID = nil
            #expect(await failureOf { _ = try await send(database, client) }?.code == .invalidArgument)
        }
    }

    @Test("a genuine body that GitHub would not write is refused with what to set right")
    func unreadable() async throws {
        try await ServerRig(credentials: Secrets()).run([linked()]) { rig in
            let client = try await rig.client()
            let form = WebhookSamples.github(body: "payload=%7B%7D")
            let error = await failureOf { _ = try await send(form, client) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.hasDetail("google.rpc.BadRequest", holding: "application/json") == true)
        }
    }

    @Test("editors and mightier may hand webhooks on; a viewer may not, and learns nothing of what exists")
    func roles() async throws {
        try await ServerRig(credentials: Secrets()).run([linked()]) { rig in
            let owner = try await rig.client(.owner)
            for role in ["owner", "admin", "editor"] { _ = try await send(push(rig, id: role), owner, role: role) }
            for project in ["shop", "nowhere"] {
                var delivery = push(rig)
                delivery.projectID = ProjectID(project)
                let refused = await failureOf { _ = try await send(delivery, owner, role: "viewer") }
                #expect(refused?.code == .permissionDenied)
            }
        }
    }
}

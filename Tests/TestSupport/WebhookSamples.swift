import Signatures
package import StatusModel

/// Deliveries by the providers' documented schemas, signed as theirs are.
package enum WebhookSamples {
    package static let secret = "It's nobody's business"
    /// The same as the Standard Webhooks scheme writes keys.
    package static let standardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    /// One of GitHub's.
    package static func github(
        _ event: String = "push", id: String = "delivery-1", body: String, secret: String = secret,
        project: String? = nil
    ) -> WebhookDelivery {
        let body = Array(body.utf8)
        let code = HMAC.code(.sha256, key: Array(secret.utf8), message: body)
        return WebhookDelivery(
            provider: .github,
            headers: [
                WebhookHeader("X-GitHub-Event", event), WebhookHeader("X-GitHub-Delivery", id),
                WebhookHeader("X-Hub-Signature-256", "sha256=\(Hexadecimal.encode(code))"),
                WebhookHeader("Content-Type", "application/json"),
            ], body: body, projectID: project.flatMap(ProjectID.init))
    }

    /// The body of a push: instants are in seconds there, and dates elsewhere.
    package static func push(
        to repository: String = "octo-org/github", at time: UnixTime, branch: String = "main", isPrivate: Bool = true
    ) -> String {
        """
        {"ref":"refs/heads/\(branch)","before":"0000000000000000000000000000000000000000",
         "after":"6113728f27ae82c7b1a177c8d03f9e96e0adf246","deleted":false,
         "repository":{"id":1296269,"full_name":"\(repository)","private":\(isPrivate),"default_branch":"main",
          "pushed_at":\(time.seconds),"updated_at":"2025-01-26T19:14:43Z","archived":false,"disabled":false},
         "pusher":{"name":"octocat","email":"canary@example.com"}}
        """
    }

    /// One of Vercel's.
    package static func vercel(
        _ type: String = "deployment.succeeded", id: String = "evt_1", deployment: String = "dpl_1",
        project: String = "prj_shop", at time: UnixTime, target: String? = "production", secret: String = secret
    ) -> WebhookDelivery {
        let target = target.map { "\"\($0)\"" } ?? "null"
        return vercel(
            body: """
                {"id":"\(id)","type":"\(type)","createdAt":\(time.nanoseconds / 1_000_000),"region":"sfo1",
                 "payload":{"team":{"id":"team_1"},"user":{"id":"usr_1"},"target":\(target),"plan":"pro",
                  "deployment":{"id":"\(deployment)","name":"shop","url":"shop-git-main.vercel.app","meta":{}},
                  "project":{"id":"\(project)"}}}
                """, secret: secret)
    }

    package static func vercel(body: String, secret: String = secret) -> WebhookDelivery {
        let body = Array(body.utf8)
        let code = HMAC.code(.sha1, key: Array(secret.utf8), message: body)
        return WebhookDelivery(
            provider: .vercel, headers: [WebhookHeader("x-vercel-signature", Hexadecimal.encode(code))], body: body)
    }

    /// One of Sanity's, signed at that time.
    package static func sanity(
        id: String = "doc#txn", project: String = "simsanity", dataset: String = "production", hook: String = "hook1",
        at time: UnixTime, body: String = #"{"_id":"doc"}"#, secret: String = secret
    ) -> WebhookDelivery {
        let timestamp = time.nanoseconds / 1_000_000
        let code = HMAC.code(.sha256, key: Array(secret.utf8), message: Array("\(timestamp).\(body)".utf8))
        return WebhookDelivery(
            provider: .sanity,
            headers: [
                WebhookHeader("sanity-webhook-signature", "t=\(timestamp),v1=\(Base64URL.encode(code))"),
                WebhookHeader("sanity-project-id", project), WebhookHeader("sanity-dataset", dataset),
                WebhookHeader("sanity-webhook-id", hook), WebhookHeader("idempotency-key", id),
                WebhookHeader("sanity-operation", "update"),
            ], body: Array(body.utf8))
    }

    /// One of Supabase's hooks, by the Standard Webhooks scheme.
    package static func standard(
        id: String = "msg_1", at time: UnixTime, body: String = #"{"metadata":{}}"#, project: String = "shop"
    ) -> WebhookDelivery {
        // The key of `standardSecret`, whose base 64 has no padding and none of the letters in which the alphabets differ.
        let key = Base64URL.decode(String(standardSecret.dropFirst("whsec_".count))) ?? []
        let code = HMAC.code(.sha256, key: key, message: Array("\(id).\(time.seconds).\(body)".utf8))
        let text = Base64URL.encode(code).replacing("-", with: "+").replacing("_", with: "/")
        return WebhookDelivery(
            provider: .supabase,
            headers: [
                WebhookHeader("webhook-id", id), WebhookHeader("webhook-timestamp", String(time.seconds)),
                WebhookHeader("webhook-signature", "v1,\(text)="),
            ], body: Array(body.utf8), projectID: ProjectID(project))
    }

    /// A database webhook, which is not signed.
    package static func database(secret: String = secret, project: String = "shop") -> WebhookDelivery {
        WebhookDelivery(
            provider: .supabase, headers: [WebhookHeader("X-Webhook-Secret", secret)],
            body: Array(
                #"{"type":"INSERT","table":"orders","schema":"public","record":{"id":1},"old_record":null}"#.utf8),
            projectID: ProjectID(project))
    }
}

extension WebhookDelivery {
    /// The same with another value of a header; without it for nil.
    package func with(_ name: String, _ value: String?) -> Self {
        var changed = self
        changed.headers.removeAll { $0.name.lowercased() == name }
        if let value { changed.headers.append(WebhookHeader(name, value)) }
        return changed
    }

    /// The value of a header.
    package func value(of name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}

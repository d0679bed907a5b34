import Signatures
package import StatusCore
package import StatusModel

/// A signature as a provider writes it: what was signed, and the codes of which one must fit.
///
/// It is taken from the headers and the raw body; nothing of the body is read for it.
struct WebhookSignature {
    var hash: HMAC.Hash
    var message: [UInt8]
    var codes: [[UInt8]]

    /// How a secret becomes the key.
    var key: (Secret) -> [UInt8]? = { Array($0.reveal().utf8) }

    /// Whether one of the secrets made one of the codes. Each is compared in constant time, and all of them are.
    func fits(_ secrets: [Secret]) -> Bool {
        secrets.compactMap(key).reduce(false) { fits, key in
            let code = HMAC.code(hash, key: key, message: message)
            return codes.reduce(fits) { HMAC.isEqual($1, code) || $0 }
        }
    }
}

/// What signs the webhooks of each provider (providers.md §2.3, §3.3, §4.5, §5.3).
package enum WebhookSigning {
    /// The most signatures of one delivery that are looked at.
    static let codesMax = 8

    /// Whether a delivery is genuine, by its raw body.
    ///
    /// - Parameters:
    ///   - delivery: As it came.
    ///   - secrets: Any of them may have signed it.
    ///   - now: The wall clock.
    /// - Returns: Whether it is, and if not, why.
    package static func verdict(on delivery: WebhookDelivery, secrets: [Secret], now: UnixTime) -> WebhookVerdict {
        let headers = WebhookHeaders(delivery.headers)
        return switch delivery.provider {
        case .github: github(headers, delivery.body, secrets)
        case .vercel: vercel(headers, delivery.body, secrets)
        case .sanity: sanity(headers, delivery.body, secrets, now: now)
        case .supabase: supabase(headers, delivery.body, secrets, now: now)
        }
    }

    /// `X-Hub-Signature-256: sha256=HEX`, HMAC-SHA256 of the body.
    private static func github(_ headers: WebhookHeaders, _ body: [UInt8], _ secrets: [Secret]) -> WebhookVerdict {
        guard let text = headers["x-hub-signature-256"] else { return .unsigned }
        let prefix = "sha256="
        guard text.hasPrefix(prefix), let code = Hexadecimal.decode(String(text.dropFirst(prefix.count))),
            code.count == 32
        else { return .malformed }
        return verdict(WebhookSignature(hash: .sha256, message: body, codes: [code]), secrets)
    }

    /// `X-Vercel-Signature: HEX`, HMAC-SHA1 of the body.
    private static func vercel(_ headers: WebhookHeaders, _ body: [UInt8], _ secrets: [Secret]) -> WebhookVerdict {
        guard let text = headers["x-vercel-signature"] else { return .unsigned }
        guard let code = Hexadecimal.decode(text), code.count == 20 else { return .malformed }
        return verdict(WebhookSignature(hash: .sha1, message: body, codes: [code]), secrets)
    }

    /// `Sanity-Webhook-Signature: t=MILLISECONDS,v1=BASE64URL`, HMAC-SHA256 of `t.body`.
    private static func sanity(
        _ headers: WebhookHeaders, _ body: [UInt8], _ secrets: [Secret], now: UnixTime
    ) -> WebhookVerdict {
        guard let text = headers[SanityWebhook.signatureHeader] else { return .unsigned }
        guard let parts = SanitySignature(text) else { return .malformed }
        guard WebhookVerdict.isTimely(parts.signedAt, at: now) else { return .untimely }
        let signature = WebhookSignature(
            hash: .sha256, message: Array("\(parts.timestamp).".utf8) + body, codes: [parts.code])
        return verdict(signature, secrets)
    }

    /// The Standard Webhooks scheme of Supabase's hooks, or, for its database webhooks, which are not signed, the secret
    /// itself in a header of the trigger's.
    private static func supabase(
        _ headers: WebhookHeaders, _ body: [UInt8], _ secrets: [Secret], now: UnixTime
    ) -> WebhookVerdict {
        guard headers.contains(StandardWebhook.signatureHeader) else {
            return sharedSecret(headers[SupabaseWebhook.secretHeader], secrets)
        }
        guard let standard = StandardWebhook(headers) else { return .malformed }
        guard WebhookVerdict.isTimely(standard.signedAt, at: now) else { return .untimely }
        return verdict(standard.signature(of: body), secrets)
    }

    private static func verdict(_ signature: WebhookSignature, _ secrets: [Secret]) -> WebhookVerdict {
        signature.fits(secrets) ? .genuine : .mismatched
    }

    /// Compared by their digests, so that neither the length nor a common beginning shows in the time it takes.
    private static func sharedSecret(_ given: String?, _ secrets: [Secret]) -> WebhookVerdict {
        guard let given, !given.isEmpty else { return .unsigned }
        let digest = SHA256Digest.bytes(of: Array(given.utf8))
        let isKnown = secrets.reduce(false) { isKnown, secret in
            HMAC.isEqual(SHA256Digest.bytes(of: Array(secret.reveal().utf8)), digest) || isKnown
        }
        return isKnown ? .genuine : .mismatched
    }
}

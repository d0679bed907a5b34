import Signatures
import StatusCore
import StatusModel

/// The scheme of standardwebhooks.com: an id, an instant in seconds and the body are signed together, with HMAC-SHA256.
struct StandardWebhook {
    static let idHeader = "webhook-id"
    static let timestampHeader = "webhook-timestamp"
    static let signatureHeader = "webhook-signature"

    private static let version = "v1,"
    /// The scheme's keys have 24 to 64 bytes.
    private static let keyBytesMin = 24
    /// Goes before the key's base 64, with the version before it in Supabase's own spelling.
    private static let secretPrefixes = ["v1,whsec_", "whsec_"]

    var id: String
    /// As it was signed.
    var timestamp: String
    var signedAt: UnixTime
    /// During a rotation there are several.
    var codes: [[UInt8]]

    /// Nil unless each header came once and says what it should.
    init?(_ headers: WebhookHeaders) {
        guard let id = headers[Self.idHeader], !id.isEmpty, let timestamp = headers[Self.timestampHeader],
            let signedAt = UnixTime(digits: timestamp, unit: 1_000_000_000),
            let signatures = headers[Self.signatureHeader]
        else { return nil }
        // Other versions are of no use to us, and no reason to refuse.
        let codes = signatures.split(separator: " ").prefix(WebhookSigning.codesMax)
            .filter { $0.hasPrefix(Self.version) }
            .compactMap { Base64.decode(String($0.dropFirst(Self.version.count))) }.filter { $0.count == 32 }
        guard !codes.isEmpty else { return nil }
        (self.id, self.timestamp, self.signedAt, self.codes) = (id, timestamp, signedAt, codes)
    }

    func signature(of body: [UInt8]) -> WebhookSignature {
        WebhookSignature(hash: .sha256, message: Array("\(id).\(timestamp).".utf8) + body, codes: codes, key: Self.key)
    }

    private static func key(_ secret: Secret) -> [UInt8]? {
        let text = secret.reveal()
        let prefix = secretPrefixes.first { text.hasPrefix($0) } ?? ""
        let key = Base64.decode(String(text.dropFirst(prefix.count)))
        // A prefix with nothing behind it would be a key that everybody has.
        return key.flatMap { $0.count >= keyBytesMin ? $0 : nil }
    }
}

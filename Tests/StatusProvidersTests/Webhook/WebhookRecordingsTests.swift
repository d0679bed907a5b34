import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite(
    "Vercel: a recorded signature",
    .enabled(if: Recordings.vercel.isPresent, "no recordings at ../shared/payloads/vercel"))
struct WebhookRecordingsTests {
    @Test("the recorded signature fits its body and secret, and no other")
    func vercel() throws {
        let recorded = try #require(try Recordings.vercel.webhook("webhook_signature_vector.json"))
        let headers = recorded.headers.map { WebhookHeader($0.key, $0.value) }
        let delivery = WebhookDelivery(provider: .vercel, headers: headers, body: Array(recorded.body.utf8))
        let now = UnixTime(seconds: 1_700_000_000)
        func verdict(_ secret: String) -> WebhookVerdict {
            WebhookSigning.verdict(on: delivery, secrets: [Secret(secret)], now: now)
        }
        #expect(verdict(recorded.secret) == .genuine)
        #expect(verdict(recorded.secret + "x") == .mismatched)
    }
}

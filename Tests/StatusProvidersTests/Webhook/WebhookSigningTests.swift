import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("Whether a webhook is genuine")
struct WebhookSigningTests {
    private static let now = UnixTime(seconds: 1_768_478_400)

    private func verdict(
        _ delivery: WebhookDelivery, _ secrets: [String] = [WebhookSamples.secret], at now: UnixTime = Self.now
    ) -> WebhookVerdict {
        WebhookSigning.verdict(on: delivery, secrets: secrets.map(Secret.init), now: now)
    }

    /// One of each scheme, with the header that bears the signature.
    private static let samples: [(delivery: WebhookDelivery, header: String)] = [
        (WebhookSamples.github(body: WebhookSamples.push(at: now)), "x-hub-signature-256"),
        (WebhookSamples.vercel(at: now), "x-vercel-signature"),
        (WebhookSamples.sanity(at: now), "sanity-webhook-signature"),
        (WebhookSamples.standard(at: now), "webhook-signature"),
        (WebhookSamples.database(), "x-webhook-secret"),
    ]
    private static let secrets = [WebhookSamples.secret, WebhookSamples.standardSecret]

    @Test("the vectors that GitHub, Sanity's toolkit and the Standard Webhooks scheme publish fit")
    func publishedVectors() {
        let github = WebhookDelivery(
            provider: .github,
            headers: [
                WebhookHeader(
                    "X-Hub-Signature-256",
                    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
            ], body: Array("Hello, World!".utf8))
        #expect(verdict(github, ["It's a Secret to Everybody"]) == .genuine)
        let sanity = WebhookDelivery(
            provider: .sanity,
            headers: [
                WebhookHeader(
                    "sanity-webhook-signature", "t=1633519811129,v1=tLa470fx7qkLLEcMOcEUFuBbRSkGujyskxrNXcoh0N0")
            ], body: Array(#"{"_id":"resume"}"#.utf8))
        #expect(verdict(sanity, ["test"], at: UnixTime(seconds: 1_633_519_900)) == .genuine)
        let standard = WebhookDelivery(
            provider: .supabase,
            headers: [
                WebhookHeader("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                WebhookHeader("webhook-timestamp", "1614265330"),
                WebhookHeader("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
            ], body: Array(#"{"test": 2432232314}"#.utf8))
        let time = UnixTime(seconds: 1_614_265_330)
        #expect(verdict(standard, [WebhookSamples.standardSecret], at: time) == .genuine)
        #expect(verdict(standard, ["v1,\(WebhookSamples.standardSecret)"], at: time) == .genuine)
    }

    @Test("one in every scheme is genuine by any of the secrets, and by none other")
    func secrets() {
        for (delivery, _) in Self.samples {
            #expect(verdict(delivery, Self.secrets) == .genuine)
            #expect(verdict(delivery, ["another", "whsec_AAAA"]) == .mismatched)
            #expect(verdict(delivery, []) == .mismatched)
            #expect(verdict(delivery, ["another"] + Self.secrets) == .genuine)
        }
    }

    @Test("no bit of a signed body can be another")
    func alteredBody() {
        for (delivery, header) in Self.samples where header != "x-webhook-secret" {
            for index in delivery.body.indices {
                var altered = delivery
                altered.body[index] ^= 1
                #expect(verdict(altered, Self.secrets) == .mismatched)
            }
            var cut = delivery
            cut.body.removeLast()
            #expect(verdict(cut, Self.secrets) == .mismatched)
        }
    }

    @Test("no character of a signature can be another, left out or added, and none can come twice")
    func alteredSignature() throws {
        for (delivery, header) in Self.samples {
            let text = try #require(delivery.value(of: header))
            #expect(verdict(delivery.with(header, nil), Self.secrets) == .unsigned)
            #expect(verdict(delivery.with(header, text + "x"), Self.secrets) != .genuine)
            var doubled = delivery
            doubled.headers.append(WebhookHeader(header.uppercased(), text))
            #expect(verdict(doubled, Self.secrets) != .genuine)
            for index in text.indices {
                var altered = text
                altered.remove(at: index)
                #expect(verdict(delivery.with(header, altered), Self.secrets) != .genuine)
                altered.insert(text[index] == "0" ? "1" : "0", at: index)
                #expect(verdict(delivery.with(header, altered), Self.secrets) != .genuine)
            }
        }
    }

    @Test(
        "a signed instant may lie five minutes from now, before or after, and no more",
        arguments: [(0, true), (300, true), (301, false), (-300, true), (-301, false), (86_400, false)])
    func replay(seconds: Int, isTimely: Bool) {
        let then = Self.now.advanced(by: .seconds(-seconds))
        for delivery in [WebhookSamples.sanity(at: then), WebhookSamples.standard(at: then)] {
            #expect(verdict(delivery, Self.secrets) == (isTimely ? .genuine : .untimely))
        }
    }

    @Test(
        "an instant that no clock has is refused and never traps",
        arguments: ["", "-1", "+1", "1e9", "9223372036854775807", "99999999999999999999", " 1", "１"])
    func hostileInstants(text: String) {
        let sanity = WebhookSamples.sanity(at: Self.now).with("sanity-webhook-signature", "t=\(text),v1=AAAA")
        #expect(verdict(sanity, Self.secrets) != .genuine)
        let standard = WebhookSamples.standard(at: Self.now).with("webhook-timestamp", text)
        #expect(verdict(standard, Self.secrets) != .genuine)
    }

    @Test("a signature of another version beside a good one does no harm, and by itself is none")
    func versions() throws {
        let delivery = WebhookSamples.standard(at: Self.now)
        let good = try #require(delivery.value(of: "webhook-signature"))
        #expect(verdict(delivery.with("webhook-signature", "v1a,AAAA \(good)"), Self.secrets) == .genuine)
        #expect(verdict(delivery.with("webhook-signature", "v1a,AAAA"), Self.secrets) == .malformed)
        let many = String(repeating: "v1,AAAA ", count: 9_999) + good
        #expect(verdict(delivery.with("webhook-signature", many), Self.secrets) == .malformed)
    }
}

import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

/// A body is read only once its signature fits, and before that to see whose it may be: neither may trap.
@Suite("Hostile webhooks", .timeLimit(.minutes(1)))
struct HostileWebhookTests {
    private static let samples: [(WebhookDelivery, Link)] = [
        (WebhookScene.push(at: WebhookScene.ago(1)), WebhookScene.github),
        (WebhookSamples.vercel(at: WebhookScene.ago(1)), WebhookScene.vercel),
        (WebhookSamples.sanity(project: "n1f7yabc", at: WebhookScene.ago(1)), WebhookScene.sanity),
        (WebhookSamples.database(), WebhookScene.supabase),
    ]

    private func look(at delivery: WebhookDelivery, _ link: Link) {
        _ = WebhookReader.names(in: delivery)
        _ = WebhookScene.news(delivery, of: link, known: nil)
    }

    @Test("cut off anywhere, they are refused or read", arguments: samples.indices)
    func truncated(index: Int) {
        let (delivery, link) = Self.samples[index]
        for count in delivery.body.indices {
            var cut = delivery
            cut.body = Array(delivery.body.prefix(count))
            look(at: cut, link)
        }
    }

    @Test("with any byte changed, they are refused or read", arguments: samples.indices)
    func flipped(index: Int) {
        let (delivery, link) = Self.samples[index]
        for place in delivery.body.indices {
            for value in [0, 0x22, 0x5B, 0x7B, 0x80, 0xFF] as [UInt8] {
                var flipped = delivery
                flipped.body[place] = value
                look(at: flipped, link)
            }
        }
    }

    @Test("nested a million deep, they are refused", arguments: ["[", #"{"a":"#])
    func deep(opening: String) {
        let body = Array(String(repeating: opening, count: WebhookDelivery.bodyBytesMax / opening.utf8.count).utf8)
        for (delivery, link) in Self.samples {
            var deep = delivery
            deep.body = body
            look(at: deep, link)
            if delivery.provider != .sanity { #expect(WebhookReader.webhook(in: deep) == nil) }
        }
    }

    @Test(
        "numbers out of all bounds and members of other types count as absent",
        arguments: [
            #"{"repository":{"full_name":"octo/hello","pushed_at":1e400}}"#,
            #"{"repository":{"full_name":"octo/hello","pushed_at":-9223372036854775808}}"#,
            #"{"repository":{"full_name":["octo/hello"],"pushed_at":{}}}"#, #"{"repository":7,"changes":[]}"#,
        ])
    func outOfBounds(body: String) {
        let news = WebhookScene.news(WebhookSamples.github(body: body), of: WebhookScene.github, known: nil)
        #expect(news == nil || news == .mereHint)
    }

    @Test("a name that is too long or cannot be shown is no name")
    func names() throws {
        for id in [String(repeating: "x", count: 257), "a\u{1B}b"] {
            let delivery = WebhookSamples.github(id: id, body: "{}")
            #expect(try #require(WebhookReader.webhook(in: delivery)).deliveryID.isEmpty)
        }
        #expect(try #require(WebhookReader.webhook(in: WebhookSamples.github(body: "{}"))).deliveryID == "delivery-1")
    }
}

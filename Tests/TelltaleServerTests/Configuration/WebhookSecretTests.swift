import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("The secrets of webhooks, configured")
struct WebhookSecretTests {
    private static let sections = [
        (ProviderKey.github, #"repo: "acme/shop""#), (.vercel, #"project: "shop""#), (.sanity, #"project: "abcd1234""#),
        (.supabase, #"ref: "abcdefghijklmnopqrst""#),
    ]

    private func text(_ provider: ProviderKey, _ section: String, _ secret: String) -> String {
        "{ projects: { shop: { \(provider.rawValue): { \(section), webhookSecret: \(secret) } } } }"
    }

    @Test("one is read, or a list of them, for each provider; they are no part of the link", arguments: sections)
    func secrets(provider: ProviderKey, section: String) throws {
        let one = try #require(try parse(text(provider, section, #""env:HOOK""#)).projects.first)
        #expect(one.webhookSecrets == [provider: [.environment(name: "HOOK")]])
        #expect(one.links[.provider(provider)]?.credentials.isEmpty == true)
        let two = try parse(text(provider, section, #"["file:/new", "credential:old"]"#)).projects.first
        #expect(two?.webhookSecrets == [provider: [.file(path: "/new"), .systemd(name: "old")]])
    }

    @Test(
        "a mistake is named with what to write instead, and never quoted",
        arguments: [
            (#""hush""#, "and never the secret itself"), ("[]", "expected 1 to 4 secrets, found 0"),
            (#"["env:A", "env:B", "env:C", "env:D", "env:E"]"#, "expected 1 to 4 secrets, found 5"),
            (#"["env:A", 7]"#, "and never the secret itself"), (#"["hush"]"#, "and never the secret itself"),
            (#"["oauth:github"]"#, "is no access token"), ("7", "expected a string"),
        ])
    func mistakes(secret: String, words: String) throws {
        let complaint = try #require(complaints(text(.github, #"repo: "acme/shop""#, secret)).first)
        #expect(complaint.contains(words) && !complaint.contains("hush"), "\(complaint)")
    }
}

import StatusProviders
import Testing

@Suite("Text from outside")
struct PrintableTextTests {
    @Test("ordinary text may be shown in any script", arguments: ["", "main", "größe/ü", "分支", "👩‍💻", "नमस्ते"])
    func printable(text: String) { #expect(text.isPrintable) }

    @Test(
        "what could move a cursor, break a line or turn the writing may not",
        arguments: [
            "a\nb", "a\u{1B}[2J", "a\u{0}", "a\u{7F}", "a\u{9B}", "a\u{202E}b", "a\u{2066}b", "a\u{2028}b", "\r",
        ])
    func unprintable(text: String) { #expect(!text.isPrintable) }

    @Test(
        "only unreserved characters stand in a segment as they are",
        arguments: [
            ("", ""), ("Az09-._~", "Az09-._~"), ("a b/c", "a%20b%2Fc"), ("%41", "%2541"), ("ü\n", "%C3%BC%0A"),
            ("?#&=+", "%3F%23%26%3D%2B"),
        ])
    func percentEncoding(text: String, encoded: String) { #expect(text.percentEncoded == encoded) }
}

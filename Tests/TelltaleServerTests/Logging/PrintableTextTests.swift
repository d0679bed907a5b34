import TelltaleServer
import Testing

@Suite("Printable text")
struct PrintableTextTests {
    @Test(
        "what shows as itself is printable",
        arguments: ["a", " ", "~", "é", "漢", "😀", "\u{301}", "€"] as [Unicode.Scalar])
    func printable(scalar: Unicode.Scalar) {
        #expect(PrintableText.isPrintable(scalar))
    }

    @Test(
        "what does not is not",
        arguments: [
            "\0", "\n", "\u{1b}", "\u{7f}", "\u{9b}", "\u{ad}", "\u{200b}", "\u{202e}", "\u{2066}", "\u{2028}",
            "\u{feff}", "\u{e000}", "\u{10ffff}",
        ] as [Unicode.Scalar])
    func unprintable(scalar: Unicode.Scalar) {
        #expect(!PrintableText.isPrintable(scalar))
    }

    @Test("a quotation is cut and stays one line")
    func quoted() {
        #expect(PrintableText.quoted("a\"b\n") == #""a\"b\n""#)
        #expect(
            PrintableText.quoted(String(repeating: "x", count: 70)) == "\"" + String(repeating: "x", count: 64) + "…\"")
        #expect(PrintableText.quoted("") == "\"\"")
    }
}

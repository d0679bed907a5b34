import TelltaleCommands
import Testing

@Suite("Text on a terminal")
struct TerminalTextTests {
    @Test(
        "text from outside can neither move the cursor, nor colour, nor turn the direction",
        arguments: [
            ("plain · text", "plain · text"), ("red \u{1B}[31m", "red \u{FFFD}[31m"), ("a\r\nb", "a\u{FFFD} b"),
            ("tab\tstop", "tab stop"), ("\u{9B}2J", "\u{FFFD}2J"), ("safe\u{202E}gpj.exe", "safe\u{FFFD}gpj.exe"),
            ("\u{7}\u{8}\u{0}\u{7F}", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"), ("a\u{2028}b", "a\u{FFFD}b"),
            ("👩‍💻 日本", "👩‍💻 日本"),
        ])
    func neutralised(_ text: String, _ expected: String) {
        #expect(TerminalText.neutralised(text) == expected)
    }

    @Test(
        "the width is counted in columns",
        arguments: [
            ("", 0), ("abc", 3), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("👩‍💻", 2), ("●○▲✖", 4), ("한국", 4), ("❤️", 2),
            ("ｆｕｌｌ", 8),
        ])
    func width(_ text: String, _ columns: Int) {
        #expect(TerminalText.width(of: text) == columns)
    }

    @Test(
        "what is too long is cut by columns, never within a character",
        arguments: [("abcdef", 4, "abc…"), ("abcd", 4, "abcd"), ("日本語", 4, "日…"), ("abc", 1, "…"), ("abc", 0, "")])
    func truncated(_ text: String, _ limit: Int, _ expected: String) {
        #expect(TerminalText.truncated(text, to: limit) == expected)
        #expect(TerminalText.width(of: TerminalText.truncated(text, to: limit)) <= limit)
    }

    @Test("lines break between words, and a word that is too long stays whole")
    func wrapped() {
        #expect(TerminalText.wrapped("one two three", to: 7) == ["one two", "three"])
        #expect(TerminalText.wrapped("a extraordinary b", to: 5) == ["a", "extraordinary", "b"])
        #expect(TerminalText.wrapped("", to: 5).isEmpty)
    }

    @Test(
        "colours are for terminals that know them, unless they are refused",
        arguments: [
            (true, [:], false, true), (false, [:], false, false), (true, ["NO_COLOR": "1"], false, false),
            (true, ["NO_COLOR": ""], false, true), (true, ["TERM": "dumb"], false, false), (true, [:], true, false),
        ] as [(Bool, [String: String], Bool, Bool)])
    func colours(_ isTerminal: Bool, _ environment: [String: String], _ isRefused: Bool, _ expected: Bool) {
        let paint = Paint(isTerminal: isTerminal, environment: environment, isRefused: isRefused)
        #expect(paint.isColoured == expected)
        #expect(paint("x", .bad) == (expected ? "\u{1B}[31mx\u{1B}[0m" : "x"))
    }
}

/// Text as a terminal shows it.
package enum TerminalText {
    /// Text from outside that can neither move the cursor, nor colour, nor turn the direction of what follows: each such
    /// character is shown as a replacement character, and a line break as a space.
    package static func neutralised(_ text: String) -> String {
        // Nearly all text is as it should be.
        if text.unicodeScalars.allSatisfy(isHarmless) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isSpace = scalar == "\n" || scalar == "\t"
            scalars.append(isHarmless(scalar) ? scalar : isSpace ? " " : "\u{FFFD}")
        }
        return String(scalars)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        // Joiners hold scripts and emoji together, and turn nothing.
        case .format: return scalar == "\u{200C}" || scalar == "\u{200D}"
        case .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }

    /// How many columns the text takes. Characters that nothing marks as wide count as one: where a terminal sees it
    /// otherwise a line ends a little further left or right, and nothing else happens.
    package static func width(of text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + width(of: $1) }
    }

    private static func width(of character: Character) -> Int {
        var columns = 0
        for scalar in character.unicodeScalars {
            // U+FE0F asks for the emoji form, which is wide, of a character that is narrow without.
            if scalar == "\u{FE0F}" { return 2 }
            columns = max(columns, width(of: scalar))
        }
        return columns
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return isWide(scalar) ? 2 : 1
        }
    }

    /// The blocks of East Asian scripts, which Unicode Standard Annex 11 counts as wide, and emoji.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            true
        default: scalar.properties.isEmojiPresentation
        }
    }

    /// The text cut to the width, with an ellipsis where something was cut.
    package static func truncated(_ text: String, to limit: Int) -> String {
        guard width(of: text) > limit else { return text }
        guard limit > 0 else { return "" }
        var (cut, columns) = ("", 0)
        for character in text {
            columns += width(of: character)
            if columns > limit - 1 { break }
            cut.append(character)
        }
        return cut + "…"
    }

    /// The text broken between words into lines of at most the width; a word that is longer has a line of its own.
    package static func wrapped(_ text: String, to limit: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, width(of: last) + 1 + width(of: String(word)) <= limit {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

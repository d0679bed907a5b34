extension StringProtocol {
    /// Whether a terminal or a log may be shown it: no control characters, no line breaks, and no marks that turn the
    /// direction of writing. Joiners pass, for scripts and emoji need them.
    package var isPrintable: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
            case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
            default: true
            }
        }
    }
}

/// What is logged, and in which form (SPEC §9).
package struct LogConfiguration: Hashable, Sendable {
    package var format = LogFormat.logfmt
    /// Lines below it are not written.
    package var level = LogLevel.info

    package init() {}
}

extension LogConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [.choice("format", \.format), .choice("level", \.level)]
    }

    package var conflicts: [(key: String, message: String)] { [] }
}

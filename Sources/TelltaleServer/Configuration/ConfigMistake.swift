import StatusModel

/// One mistake in the configuration, where it is, and what to write instead.
package struct ConfigMistake: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// Counted from 1; 0 when the mistake is the file itself.
    package var line: Int
    /// Empty when the mistake is not about one value.
    package var path: ConfigPath
    /// What is wrong and what would be right. Never quotes a value that may be a secret.
    package var message: String

    package init(file: String, line: Int, path: ConfigPath = ConfigPath(), message: String) {
        self.file = file
        self.line = line
        self.path = path
        self.message = message
    }

    /// `FILE:LINE: PATH: message`, the form that editors jump to.
    package var description: String {
        let place = line > 0 ? "\(file):\(line): " : "\(file): "
        return place + (path.steps.isEmpty ? "" : "\(path): ") + message
    }
}

/// Why a configuration was refused: every mistake in it, by line.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At most this many are named, and then how many more there are.
    package static let mistakesMax = 1_000

    /// Never empty.
    package var mistakes: [ConfigMistake]

    package init(mistakes: [ConfigMistake]) { self.mistakes = mistakes }

    /// One mistake a line.
    package var description: String { mistakes.map(\.description).joined(separator: "\n") }
}

/// Gathers what validation finds. Confined to one load.
package final class MistakeCollector {
    private var found: [(path: ConfigPath, line: Int?, message: String)] = []
    private var omittedCount = 0
    private var oauthReferences: [(path: ConfigPath, name: String)] = []

    package init() {}

    package var isEmpty: Bool { found.isEmpty }

    /// Records a mistake about the value at a path; `line` where it is not the path's own.
    package func add(_ message: String, at path: ConfigPath, line: Int? = nil) {
        if found.count < ConfigurationError.mistakesMax {
            found.append((path, line, message))
        } else {
            omittedCount += 1
        }
    }

    /// Records each name that stands twice in its object.
    func addDuplicates(of map: ConfigSourceMap) {
        for duplicate in map.duplicates {
            add(
                "stands here twice; the first is on line \(duplicate.firstLine)", at: duplicate.path,
                line: duplicate.line)
        }
    }

    /// A value refers to an entry of the section `oauth`, which may not have been read yet.
    func expectOAuthEntry(_ name: String, at path: ConfigPath) { oauthReferences.append((path, name)) }

    /// Records the references that lead to none of these entries.
    func resolveOAuthEntries(_ known: [String]) {
        for reference in oauthReferences where !known.contains(reference.name) {
            add(
                "there is no entry \(PrintableText.quoted(reference.name)) in the section oauth"
                    + Suggestion.question(about: reference.name, among: known), at: reference.path)
        }
        oauthReferences = []
    }

    /// The mistakes with their lines, in the order of the file.
    package func located(in file: String, by map: ConfigSourceMap) -> [ConfigMistake] {
        var mistakes = found.map { path, line, message in
            ConfigMistake(file: file, line: line ?? map.line(of: path), path: path, message: message)
        }
        mistakes.sort { ($0.line, $0.path.description) < ($1.line, $1.path.description) }
        if omittedCount > 0 {
            mistakes.append(ConfigMistake(file: file, line: 0, message: "and \(omittedCount) more mistakes"))
        }
        return mistakes
    }
}

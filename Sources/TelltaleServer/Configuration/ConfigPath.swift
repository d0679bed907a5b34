/// The way from the top of the configuration to one value: `projects.shop.github.repo`.
package struct ConfigPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    package var steps: [Step]

    /// The top of the file.
    package init(steps: [Step] = []) { self.steps = steps }

    /// The member `key` of what this path leads to.
    package func appending(_ key: String) -> Self { Self(steps: steps + [.key(key)]) }

    /// The element `index` of what this path leads to.
    package func appending(_ index: Int) -> Self { Self(steps: steps + [.index(index)]) }

    /// Names joined by dots. A name that holds a dot or anything unusual is quoted, so that a path is never ambiguous.
    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key):
                if !text.isEmpty { text += "." }
                text += Self.isPlain(key) ? key : PrintableText.quoted(key)
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.count <= PrintableText.quotedBytesMax
            && key.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789_:/@-".unicodeScalars.contains($0))
            }
    }
}

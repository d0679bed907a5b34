package import StatusModel

/// A summary as one role may read it: the facts of which its words are made.
///
/// The digest of a view covers these, and not the words: `Last push 2m ago` becomes `3m ago` without news, while
/// another push is news.
package struct SummaryFacts: Hashable, Sendable {
    package enum Fact: Hashable, Sendable {
        /// As it stands.
        case text(String)
        /// Something that happened at an instant, which the provider told.
        case ago(label: String, UnixTime)
        /// A figure that trembles: shown, and not part of the digest.
        case measured(String)
    }

    /// In the order of the line. None is empty: a word that a role reads as nothing is no fact to it.
    package let facts: [Fact]

    package init(_ facts: [Fact]) { self.facts = facts.filter { $0 != .text("") && $0 != .measured("") } }

    /// Without what trembles: what the digest covers.
    package var lasting: [Fact] {
        facts.filter { if case .measured = $0 { false } else { true } }
    }

    /// The line for people, and the first instant at which its words are others; nil when they never change.
    package func rendered(at now: UnixTime) -> (words: String, changesAt: UnixTime?) {
        var words: [String] = []
        var changesAt: UnixTime?
        for fact in facts {
            switch fact {
            case .text(let text), .measured(let text):
                words.append(text)
            case .ago(let label, let instant):
                let relative = RelativeTime(from: instant, at: now)
                words.append(label.isEmpty ? relative.words : "\(label) \(relative.words)")
                changesAt = min(changesAt ?? relative.changesAt, relative.changesAt)
            }
        }
        return (words.joined(separator: " · "), changesAt)
    }
}

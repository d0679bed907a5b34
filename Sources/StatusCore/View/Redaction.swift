package import StatusModel

/// What one role reads of something that not everybody may see (SPEC §8).
///
/// A viewer reads generic labels and words, no deployment URL, and generic advice: an adapter's own hint may name a
/// repository or an organisation. All other roles read everything that policy does not hide.
package struct Redaction: Hashable, Sendable {
    let isRestricted: Bool

    package init(for role: Role) { isRestricted = role == .viewer }

    /// The name of what is linked.
    package func label(_ label: ResourceLabel) -> String {
        isRestricted ? label.generic : label.full
    }

    /// The facts of a summary.
    package func facts(_ summary: Summary) -> SummaryFacts {
        SummaryFacts(
            summary.parts.map { part in
                switch part {
                case .text(let text): .text(text)
                case .ago(let label, let instant): .ago(label: label, instant)
                case .measured(let text): .measured(text)
                case .restricted(let text, let generic): .text(isRestricted ? generic : text)
                }
            })
    }

    /// Where an environment is served; empty when withheld.
    package func url(_ url: String) -> String { isRestricted ? "" : url }

    /// Words of somebody who may have named anything in them; empty when withheld.
    package func words(_ words: String) -> String { isRestricted ? "" : words }

    /// What the person can do about a problem.
    package func hint(_ hint: String, for code: ProblemCode) -> String {
        isRestricted || hint.isEmpty ? code.genericHint : hint
    }
}

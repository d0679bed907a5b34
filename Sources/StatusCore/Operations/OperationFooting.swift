/// What was linked when an operation was recorded. It is begun on nothing else.
package enum OperationFooting: Hashable, Sendable {
    /// It was recorded before this was kept.
    case unknown
    /// Nothing, or a link that was switched off.
    case nothing
    case target(Link.Target)

    /// What is linked and in force; nil for nothing.
    package init(_ target: Link.Target?) { self = target.map(Self.target) ?? .nothing }

    /// Whether it is the same that is linked now.
    package func holds(_ target: Link.Target?) -> Bool { self == .unknown || self == Self(target) }
}

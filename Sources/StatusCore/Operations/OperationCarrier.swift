/// Who was to carry out an operation when it was recorded. Nobody else begins it.
package enum OperationCarrier: Hashable, Sendable {
    /// It was recorded before this was kept.
    case unknown
    /// The daemon itself, by a provider's adapter or by changing a link.
    case builtIn
    /// A local command, by the digest of what is run: its path and arguments.
    case command(digest: String)

    /// Whether it is the same that would carry it out now.
    package func holds(_ carrier: Self) -> Bool { self == .unknown || self == carrier }
}

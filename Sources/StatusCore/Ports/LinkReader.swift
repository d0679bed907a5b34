/// What an action is to make of a stored link.
package enum LinkProposal: Hashable, Sendable {
    /// This is to be linked, once the provider has vouched for it.
    case link(Link)
    /// Nothing is to be linked any more.
    case nothing
}

/// Reads from an action's payload what is to be linked, by the rules of the configuration.
package protocol LinkReader: Sendable {
    /// - Parameters:
    ///   - action: What is to be done.
    ///   - item: To what.
    ///   - payload: Its parameters: a link as the configuration writes it, or nothing.
    ///   - configured: What the configuration links.
    ///   - current: What is linked.
    /// - Returns: nil for an action that leaves the stored link alone.
    /// - Throws: ``ActionFailure`` with the field that is wrong.
    func proposal(
        _ action: IntegrationAction, of item: ItemReference, payload: [UInt8], configured: Link?, current: Link?
    ) throws(ActionFailure) -> LinkProposal?
}

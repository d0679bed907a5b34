import FoundationEssentials

/// One page of a project's deployments, newest first as Vercel sends them.
package struct VercelDeploymentList: Hashable, Sendable {
    /// At most ``VercelRequests/deploymentsMax``, deleted ones left out.
    package var deployments: [VercelDeployment]
    /// Whether it holds as many as were asked for, so that there may be older ones.
    package var isFull: Bool

    package init(_ deployments: [VercelDeployment], isFull: Bool = false) {
        self.deployments = deployments
        self.isFull = isFull
    }

    /// Reads an answer's body; nil when it is no list. A malformed deployment is left out, unless all of them are.
    package init?(json body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else { return nil }
        let known = wire.deployments.prefix(VercelRequests.deploymentsMax).compactMap(\.value)
        guard wire.deployments.isEmpty || !known.isEmpty else { return nil }
        self.init(
            known.filter { $0.state != .deleted }, isFull: wire.deployments.count >= VercelRequests.deploymentsMax)
    }

    private struct Wire: Decodable {
        var deployments: [LossyElement<VercelDeployment>]
    }
}

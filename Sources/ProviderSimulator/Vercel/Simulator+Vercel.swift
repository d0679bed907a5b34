extension Simulator {
    /// Vercel's projects, tokens and limits.
    package var vercel: VercelControls { VercelControls(simulator: self) }
}

/// The commands of `/_sim/vercel/`, as methods. Each throws ``ControlError`` for what the interface would refuse.
package struct VercelControls: Sendable {
    fileprivate let simulator: Simulator

    /// Makes or changes a project; a new one has one production deployment, made just now.
    package func setProject(
        _ name: String, _ patch: VercelProjectPatch = VercelProjectPatch()
    ) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.vercel.setProject(name, patch, now: now)
        }
    }

    package func removeProject(_ name: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.vercel.removeProject(name) }
    }

    /// Makes a deployment, for production and ready unless told otherwise.
    package func deploy(_ name: String, _ deploy: VercelDeploy = VercelDeploy()) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in try state.vercel.deploy(name, deploy, now: now) }
    }

    /// Says how deployments are built that are ordered from now on.
    package func setBuilds(_ name: String, _ patch: VercelBuildsPatch) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.vercel.setBuilds(name, patch) }
    }

    /// Moves a project's newest deployment on to another state.
    package func settle(_ name: String, _ settlement: VercelSettlement) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.vercel.settle(name, settlement) }
    }

    /// Makes or changes a token; a new one belongs to `editor` and reaches all that they have.
    package func setToken(_ credential: String, _ patch: VercelTokenPatch = VercelTokenPatch()) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.vercel.setToken(credential, patch) }
    }

    /// Makes everybody run into a limit.
    package func reachLimit(_ order: VercelLimitOrder = VercelLimitOrder()) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in try state.vercel.reachLimit(order, now: now) }
    }

    /// Forgets every limit and every request counted against one.
    package func clearLimits() throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in state.vercel.clearLimits() }
    }
}

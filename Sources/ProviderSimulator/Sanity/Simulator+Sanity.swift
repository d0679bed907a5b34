extension Simulator {
    /// Sanity's projects, documents, hooks and tokens.
    package var sanity: SanityControls { SanityControls(simulator: self) }
}

/// The commands of `/_sim/sanity/`, as methods. Each throws ``ControlError`` for what the interface would refuse.
package struct SanityControls: Sendable {
    fileprivate let simulator: Simulator

    /// Makes or changes a project; a new one has the dataset `production`, empty.
    package func setProject(_ id: String, _ patch: SanityProjectPatch = SanityProjectPatch()) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in try state.sanity.setProject(id, patch, now: now) }
    }

    package func removeProject(_ id: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.sanity.removeProject(id) }
    }

    /// Makes or changes a dataset; a new one is public and empty.
    package func setDataset(
        _ name: String, of project: String, _ patch: SanityDatasetPatch = SanityDatasetPatch()
    ) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in
            try state.sanity.setDataset(name, of: project, patch)
        }
    }

    /// Changes a document, which live hooks deliver.
    package func change(
        in dataset: String = "production", of project: String, _ change: SanityChange = SanityChange()
    ) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.sanity.change(change, in: dataset, of: project, now: now)
        }
    }

    /// Makes or changes a hook; a new one is live and hears of every dataset.
    package func setHook(
        _ hook: String, of project: String, _ patch: SanityHookPatch = SanityHookPatch()
    ) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.sanity.setHook(hook, of: project, patch, now: now)
        }
    }

    /// Lets a hook deliver once, and says how that ends.
    package func deliver(_ order: SanityMessageOrder, by hook: String, of project: String) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.sanity.deliver(order, by: hook, of: project, now: now)
        }
    }

    /// Makes or changes a token of one project.
    package func setToken(_ credential: String, _ patch: SanityTokenPatch) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.sanity.setToken(credential, patch, now: now)
        }
    }

    /// Makes everybody run into the limit.
    package func reachLimit(_ order: SanityLimitOrder = SanityLimitOrder()) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in try state.sanity.reachLimit(order, now: now) }
    }

    package func clearLimits() throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in state.sanity.limit = nil }
    }
}

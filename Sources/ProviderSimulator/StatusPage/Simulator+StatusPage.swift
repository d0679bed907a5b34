package import StatusModel

extension Simulator {
    /// The providers' status pages.
    package var statusPages: StatusPageControls { StatusPageControls(simulator: self) }
}

/// The commands of `/_sim/statuspage/`, as methods. Each throws ``ControlError`` for what the interface would refuse.
package struct StatusPageControls: Sendable {
    fileprivate let simulator: Simulator

    /// Has a page show this indicator whatever is open, or by itself again.
    package func set(_ provider: ProviderKey, _ patch: StatusPagePatch) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.statusPages.setPage(provider, patch) }
    }

    package func setComponent(_ provider: ProviderKey, _ name: String, status: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in
            try state.statusPages.setComponent(provider, name, StatusPageComponentPatch(status: status))
        }
    }

    /// Returns the incident's id.
    @discardableResult
    package func openIncident(
        _ provider: ProviderKey, _ patch: StatusPageIncidentPatch = StatusPageIncidentPatch()
    ) throws(ControlError) -> String {
        try simulator.change { state, now throws(ControlError) in
            try state.statusPages.openIncident(provider, patch, now: now)
        }
    }

    package func resolveIncident(_ provider: ProviderKey, _ id: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in
            try state.statusPages.changeIncident(provider, id, StatusPageIncidentPatch(status: "resolved"))
        }
    }

    /// All is well again, as at the start.
    package func restore(_ provider: ProviderKey) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in state.statusPages.restore(provider) }
    }
}

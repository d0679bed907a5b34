extension Simulator {
    /// HTTP workers.
    package var services: ServicesControls { ServicesControls(simulator: self) }
}

/// The commands of `/_sim/services/`, as methods. Each throws ``ControlError`` for what the interface would refuse.
package struct ServicesControls: Sendable {
    fileprivate let simulator: Simulator

    /// Makes or changes a worker; a new one is awake.
    package func setWorker(_ name: String, _ patch: WorkerPatch = WorkerPatch()) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.services.setWorker(name, patch) }
    }

    package func removeWorker(_ name: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.services.removeWorker(name) }
    }
}

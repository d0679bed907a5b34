import LinuxSystem
import StatusEngine

extension Daemon {
    /// What SIGHUP and `Reload` have done.
    func makeReloader(_ engine: StatusEngine, _ actions: ActionParts) -> Reloader {
        let parts = Reloader.Parts(
            load: load, apply: { actions.apply($0) }, redefine: { await engine.redefine($0) },
            reloading: { [manager] in manager.notifyReloading() }, notify: { [manager] in manager.notify($0) })
        return Reloader(configuration, parts: parts, logger: logger)
    }
}

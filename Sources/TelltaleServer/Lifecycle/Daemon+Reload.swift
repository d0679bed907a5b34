import LinuxSystem
import StatusEngine

extension Daemon {
    /// What SIGHUP and `Reload` have done.
    func makeReloader(_ engine: StatusEngine, _ actions: ActionParts, _ oauth: OAuthRefresher) -> Reloader {
        let parts = Reloader.Parts(
            load: load,
            apply: { configuration in
                actions.apply(configuration)
                await oauth.redefine(configuration.oauth)
            },
            redefine: { await engine.redefine($0) },
            reloading: { [manager] in manager.notifyReloading() }, notify: { [manager] in manager.notify($0) })
        return Reloader(configuration, parts: parts, logger: logger)
    }
}

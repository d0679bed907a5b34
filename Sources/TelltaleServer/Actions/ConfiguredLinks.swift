import Locks
package import StatusCore
import StatusModel
import Synchronization

/// Reads links from payloads by the parsers of the configuration, and lets them name what the configuration trusts.
package final class ConfiguredLinks: LinkReader {
    private let settings: ActionsConfiguration
    private let projects: Lock<[ProjectDefinition]>

    package init(_ configuration: Configuration) {
        settings = configuration.actions
        projects = Lock(configuration.projects)
    }

    /// From now on the projects are these, as the configuration says them.
    package func redefine(_ projects: [ProjectDefinition]) { self.projects.withLock { $0 = projects } }

    package func proposal(
        _ action: IntegrationAction, of item: ItemReference, payload: [UInt8], configured: Link?, current: Link?
    ) throws(ActionFailure) -> LinkProposal? {
        guard case .provider(let provider) = item.key else { return nil }
        let wish = LinkWish(
            project: item.project, form: ProjectsSection.form(of: provider), configured: configured, current: current,
            trust: LinkTrust(settings: settings, projects: projects.withLock { $0 }))
        switch action {
        case .connect: return .link(try wish.connect(ActionPayload.object(payload)))
        case .reconnect: return .link(try wish.reconnect(ActionPayload.object(payload)))
        case .link: return try wish.link(ActionPayload.object(payload)).map(LinkProposal.link)
        case .disconnect:
            try wish.disconnect(ActionPayload.object(payload))
            return .nothing
        case .push, .pull, .sync, .deployPreview, .deployProduction, .openStudio, .testConnection, .wake,
            .runDiagnostics, .runSmokeTests:
            return nil
        }
    }
}

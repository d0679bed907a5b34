import StatusCore
import StatusEngine
import StatusModel
import StatusProviders

/// What carries out actions, and what a reload changes of it.
struct ActionParts {
    let executors: ActionExecutors
    let links: ConfiguredLinks
    let commands: CommandExecutors

    /// What counts at once of another configuration.
    func apply(_ configuration: Configuration) {
        commands.redefine(configuration.commands)
        links.redefine(configuration.projects)
    }
}

extension Daemon {
    /// The executors, each behind the guard of its provider, and in their place the programs that projects name.
    func makeActions(
        _ guards: UpstreamGuards, _ credentials: CredentialReader, _ digest: @escaping DigestFunction
    ) -> ActionParts {
        let commands = CommandExecutors(configuration.commands, credentials: credentials)
        func transport(_ provider: ProviderKey) -> GuardedTransport { guards.transport(for: .provider(provider)) }
        let executors = ActionExecutors(
            github: GitHubActions(transport: transport(.github), digest: digest, userAgent: userAgent),
            vercel: VercelActions(transport: transport(.vercel), userAgent: userAgent),
            sanity: SanityActions(transport: transport(.sanity), userAgent: userAgent),
            supabase: SupabaseActions(transport: transport(.supabase), digest: digest, userAgent: userAgent),
            service: ServiceActions(transport: guards.transport(for: .services), time: time, userAgent: userAgent),
            replacement: commands.executor, timeLimit: commands.timeLimit)
        return ActionParts(executors: executors, links: ConfiguredLinks(configuration), commands: commands)
    }
}

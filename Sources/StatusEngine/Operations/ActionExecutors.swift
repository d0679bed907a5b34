package import StatusCore
import StatusModel

/// Who carries out what.
package struct ActionExecutors: Sendable {
    package var github: any ActionExecutor
    package var vercel: any ActionExecutor
    package var sanity: any ActionExecutor
    package var supabase: any ActionExecutor
    package var service: any ActionExecutor
    /// What a project has put in the place of these (SPEC §7); nil for nothing. Asked for each operation, so that a reload
    /// counts at once.
    package var replacement: @Sendable (ItemReference, IntegrationAction) -> (any ActionExecutor)?

    /// How long an operation may take in the place of ``IntegrationAction/timeLimit``; nil for that.
    package var timeLimit: @Sendable (ItemReference, IntegrationAction) -> Duration?

    package init(
        github: any ActionExecutor, vercel: any ActionExecutor, sanity: any ActionExecutor,
        supabase: any ActionExecutor, service: any ActionExecutor,
        replacement: @escaping @Sendable (ItemReference, IntegrationAction) -> (any ActionExecutor)? = { _, _ in nil },
        timeLimit: @escaping @Sendable (ItemReference, IntegrationAction) -> Duration? = { _, _ in nil }
    ) {
        self.github = github
        self.vercel = vercel
        self.sanity = sanity
        self.supabase = supabase
        self.service = service
        self.replacement = replacement
        self.timeLimit = timeLimit
    }

    /// One executor for all of them.
    package init(all executor: any ActionExecutor) {
        self.init(github: executor, vercel: executor, sanity: executor, supabase: executor, service: executor)
    }

    func executor(for item: ItemReference, _ action: IntegrationAction) -> any ActionExecutor {
        replacement(item, action) ?? adapter(for: item)
    }

    /// The provider's own, whatever a project has put in its place.
    func adapter(for item: ItemReference) -> any ActionExecutor {
        switch item.key {
        case .provider(.github): github
        case .provider(.vercel): vercel
        case .provider(.sanity): sanity
        case .provider(.supabase): supabase
        case .service: service
        }
    }
}
